import { setTimeout as sleep } from 'node:timers/promises';
import { encodeHex } from '@coffer/bytes';
import type { NotificationRuleReference } from '@coffer/storage-core';
import { addressPolicy } from './address-policy.ts';
import { countBacklog } from './count-backlog.ts';
import { deliverRule, type TurnContext } from './deliver-rule.ts';
import type { DeliveryOptions } from './options.ts';

/** Delivers events, in turns of one rule each. */
export interface DeliveryWorker {
  /** Looks for events from now on. */
  start(): void;
  /**
   * Looks once, delivers what can be delivered now, and resolves when that is done. For tests, and for programs that
   * run once.
   */
  round(): Promise<void>;
  /**
   * Counts the waiting events, tells `onBacklog`, and suspends rules that fail while too many events wait for them.
   * After `start`, this happens regularly by itself.
   */
  count(): Promise<void>;
  /**
   * Begins no further request, waits for those under way (for one timeout at most) and gives the rules back.
   * Idempotent.
   */
  stop(): Promise<void>;
}

const defaults = {
  concurrency: 8,
  pollMilliseconds: 1_000,
  timeoutMilliseconds: 10_000,
  backOff: { firstMilliseconds: 1_000, maximumMilliseconds: 600_000 },
  suspendAfter: { attempts: 10, milliseconds: 86_400_000 },
  maximumBacklog: Infinity,
  countMilliseconds: 15_000,
};
/**
 * Milliseconds. When a worker has died, another takes over its rule after the timeout of one request and this margin.
 */
const leaseMargin = 30_000;

/**
 * A worker over a storage's outbox. Any number of workers may share the outbox, in one process or several: only one of
 * them works on a rule at a time.
 *
 * @throws RangeError for an entry of `addresses.allow` that is no address, range or host name.
 */
export function createDeliveryWorker(options: DeliveryOptions): DeliveryWorker {
  return new Worker(options);
}

class Worker implements DeliveryWorker {
  readonly #options: DeliveryOptions;
  readonly #context: TurnContext;
  readonly #concurrency: number;
  readonly #waiting: NotificationRuleReference[] = [];
  /** Rules that wait for their turn or have it. */
  readonly #known = new Set<string>();
  readonly #turns = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? defaults.concurrency;
    this.#context = contextOf(options, () => this.#stopping.signal.aborted);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async round(): Promise<void> {
    await this.#look();
    await this.#idle();
  }

  count(): Promise<void> {
    return countBacklog({ maximumBacklog: defaults.maximumBacklog, ...this.#options });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#idle();
  }

  async #run(): Promise<void> {
    const { pollMilliseconds = defaults.pollMilliseconds, wait = waitByTimer, onError } = this.#options;
    const { countMilliseconds = defaults.countMilliseconds, clock } = this.#options;
    const { signal } = this.#stopping;
    let countAt = -Infinity;
    while (!signal.aborted) {
      try {
        await this.#look();
        if (clock.now() >= countAt) {
          countAt = clock.now() + countMilliseconds;
          await this.count();
        }
      } catch (error) {
        onError?.(error);
      }
      await wait(pollMilliseconds, signal);
    }
  }

  /** Queues the rules that have events, behind those that wait already. */
  async #look(): Promise<void> {
    for (const rule of await this.#options.outbox.pending()) {
      if (this.#known.has(rule.ruleId)) continue;
      this.#known.add(rule.ruleId);
      this.#waiting.push(rule);
    }
    this.#beginTurns();
  }

  #beginTurns(): void {
    while (this.#turns.size < this.#concurrency && !this.#stopping.signal.aborted) {
      const rule = this.#waiting.shift();
      if (rule === undefined) return;
      const turn = this.#turn(rule).finally(() => {
        this.#turns.delete(turn);
        this.#beginTurns();
      });
      this.#turns.add(turn);
    }
  }

  async #turn(rule: NotificationRuleReference): Promise<void> {
    try {
      if (await deliverRule(this.#context, rule)) this.#waiting.push(rule);
      else this.#known.delete(rule.ruleId);
    } catch (error) {
      this.#known.delete(rule.ruleId);
      this.#options.onError?.(error);
    }
  }

  async #idle(): Promise<void> {
    while (this.#turns.size > 0) await Promise.all(this.#turns);
  }
}

function contextOf(options: DeliveryOptions, isStopping: () => boolean): TurnContext {
  const { outbox, clock, random, addresses = {}, ca } = options;
  const timeoutMilliseconds = options.timeoutMilliseconds ?? defaults.timeoutMilliseconds;
  return {
    outbox,
    now: () => clock.now(),
    random: () => new DataView(Uint8Array.from(random.bytes(4)).buffer).getUint32(0) / 2 ** 32,
    lease: { owner: encodeHex(random.bytes(16)), milliseconds: timeoutMilliseconds + leaseMargin },
    send: { policy: addressPolicy(addresses), timeoutMilliseconds, ...(ca !== undefined && { ca }) },
    backOff: options.backOff ?? defaults.backOff,
    suspendAfter: options.suspendAfter ?? defaults.suspendAfter,
    onDelivery: options.onDelivery ?? (() => undefined),
    isStopping,
  };
}

async function waitByTimer(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
