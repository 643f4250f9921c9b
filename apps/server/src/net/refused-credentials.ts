import type { HttpRequest } from '@coffer/http';
import type { Clock } from '@coffer/storage-ports';
import type { Logger } from 'pino';
import type { Timer } from '../server/timer.ts';
import { addressOwner } from './addresses.ts';

/** Milliseconds over which the failures of an address are counted, and during which the address is logged only once. */
const windowMs = 60_000;
/** Failures in that time that are answered at once: a mistyped key, a client with several threads and an old token. */
const freeFailures = 10;
/** Milliseconds by which the next failure is delayed; each further one is delayed twice as long, up to a limit. */
const firstDelayMs = 50;
/** The most addresses that are remembered; then the one that was seen first is forgotten. */
const mostAddresses = 10_000;
/** The most answers that wait at the same time, of one address and of all. */
const mostWaitingOfOne = 16;
const mostWaiting = 1_024;

interface Failures {
  since: number;
  count: number;
  waiting: number;
}

export interface RefusedCredentialsOptions {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  /** The most milliseconds that an answer waits; 0: no answer waits. */
  readonly longestDelayMs: number;
}

/**
 * Slows down clients that try wrong keys and tokens, by their addresses, and logs each address once a minute. Its
 * memory is bounded: if too many answers wait already, the next one goes out at once, and its connection is closed
 * instead.
 */
export class RefusedCredentials {
  readonly #options: RefusedCredentialsOptions;
  readonly #failures = new Map<string, Failures>();
  #waiting = 0;

  constructor(options: RefusedCredentialsOptions) {
    this.#options = options;
  }

  /** To be awaited before the answer to a refused key or token. Resolves to whether the connection is to be closed. */
  async refused({ peer, signal }: Pick<HttpRequest, 'peer' | 'signal'>): Promise<boolean> {
    const failures = this.#count(peer.address);
    const delayMs = Math.min(this.#options.longestDelayMs, delayOf(failures.count));
    if (delayMs === 0) return false;
    if (failures.waiting >= mostWaitingOfOne || this.#waiting >= mostWaiting) return true;
    failures.waiting++;
    this.#waiting++;
    await this.#pause(delayMs, signal);
    failures.waiting--;
    this.#waiting--;
    return false;
  }

  #count(address: string): Failures {
    const owner = addressOwner(address);
    const now = this.#options.clock.now();
    const known = this.#failures.get(owner);
    if (known !== undefined && now - known.since < windowMs) {
      known.count++;
      return known;
    }
    this.#options.logger.warn(
      { peer: address, failuresBefore: known?.count ?? 0 },
      'a key or token was refused; further ones of this address are logged once a minute',
    );
    const failures = known ?? { since: now, count: 0, waiting: 0 };
    failures.since = now;
    failures.count = 1;
    this.#remember(owner, failures);
    return failures;
  }

  /** Remembers an address. Addresses are kept in the order of their windows, so that the first one is the oldest. */
  #remember(owner: string, failures: Failures): void {
    this.#failures.delete(owner);
    this.#failures.set(owner, failures);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > mostAddresses && oldest !== undefined) this.#failures.delete(oldest);
  }

  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#options.timer(milliseconds, done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}

function delayOf(failure: number): number {
  if (failure <= freeFailures) return 0;
  return firstDelayMs * 2 ** Math.min(20, failure - freeFailures - 1);
}
