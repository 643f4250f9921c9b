import { setTimeout as sleep } from 'node:timers/promises';
import type { Storage } from '@coffer/storage-core';
import type { Clock, SnapshotRecord } from '@coffer/storage-ports';
import { AccountTurns, type QueuedSnapshot } from './account-turns.ts';
import { makeSnapshot } from './making/make-snapshot.ts';
import type { MakingContext } from './making/context.ts';
import { OneAtATime } from './making/one-at-a-time.ts';

/** What a worker works over. */
export interface SnapshotWorkerOptions {
  readonly storage: Storage;
  readonly clock: Pick<Clock, 'now'>;
  /**
   * Bytes of each part of the large file but the last, unless that would be too many parts. What is not yet a whole
   * part is made again after an interruption. Default: 64 MiB; never less than the storage's `minimumPartSize`.
   */
  readonly partSize?: number;
  /** Files listed by one commit. Default: 1,000. */
  readonly listingPage?: number;
  /**
   * Snapshots that are made at once, each of another account. They take turns part by part, so that the storage has no
   * more to do than with one; each has a directory of its ZIP file in memory. Default: 3.
   */
  readonly snapshotsAtOnce?: number;
  /** Milliseconds between two looks for work. Default: 1,000. */
  readonly pollMilliseconds?: number;
  /** Milliseconds before a snapshot is tried again whose failure could not be recorded. Default: 30,000. */
  readonly retryMilliseconds?: number;
  /** Resolves after the time, or when the signal is aborted. Default: a timer. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Called with each snapshot that has ended. */
  readonly onEnd?: (snapshot: SnapshotRecord) => void;
  /**
   * Called for every error that the operator should know of, also where it only made a snapshot fail; not where nothing
   * but the selection is the reason.
   */
  readonly onError?: (error: unknown, snapshot: { readonly snapshotId: string } | null) => void;
}

/**
 * Makes the snapshots that were asked for: of each account one after the other, and accounts take turns. Only one
 * worker may run over a store at a time.
 */
export interface SnapshotWorker {
  /** Looks for snapshots from now on. */
  start(): void;
  /** Makes all snapshots that wait now. For tests, and for programs that run once. */
  round(): Promise<void>;
  /**
   * Interrupts the snapshots that are being made, which are gone on with by the next worker, and resolves when that is
   * done. Idempotent.
   */
  stop(): Promise<void>;
}

const defaultPartSize = 64 * 1024 * 1024;
const defaultAtOnce = 3;

/** A worker over a storage. It does nothing before it is started. */
export function createSnapshotWorker(options: SnapshotWorkerOptions): SnapshotWorker {
  return new Worker(options);
}

class Worker implements SnapshotWorker {
  readonly #options: SnapshotWorkerOptions;
  readonly #stopping = new AbortController();
  readonly #turns: AccountTurns;
  readonly #parts = new OneAtATime();
  /** When a snapshot may be tried again that was tried and is still in the queue; ms since the epoch. */
  readonly #retryAt = new Map<string, number>();
  /** Accounts of which a snapshot is being made. */
  readonly #busy = new Set<string>();
  readonly #making = new Set<Promise<void>>();
  #running: Promise<void> | undefined;
  #beginning: Promise<void> = Promise.resolve();

  constructor(options: SnapshotWorkerOptions) {
    this.#options = options;
    this.#turns = new AccountTurns(options.storage);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async round(): Promise<void> {
    await this.#beginAll();
    await this.#madeAll();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#beginning;
    await this.#madeAll();
  }

  async #run(): Promise<void> {
    const { pollMilliseconds = 1_000, wait = waitByTimer } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#beginAll();
      await wait(pollMilliseconds, signal);
    }
  }

  /** Resolves when nothing is being made any more. */
  async #madeAll(): Promise<void> {
    while (this.#making.size > 0) await Promise.all(this.#making);
  }

  /** Begins as many snapshots as may be made now. Never rejects: what failed is tried again later. */
  #beginAll(): Promise<void> {
    // One after the other, so that no two snapshots of an account are begun.
    this.#beginning = this.#beginning.then(() => this.#beginFree());
    return this.#beginning;
  }

  async #beginFree(): Promise<void> {
    const { clock, onError, snapshotsAtOnce = defaultAtOnce } = this.#options;
    for (const [snapshotId, time] of this.#retryAt) if (time <= clock.now()) this.#retryAt.delete(snapshotId);
    const isPutOff = (snapshotId: string) => this.#retryAt.has(snapshotId);
    try {
      while (this.#busy.size < snapshotsAtOnce && !this.#stopping.signal.aborted) {
        const next = await this.#turns.next(clock.now(), this.#busy, isPutOff);
        if (next === undefined) return;
        this.#begin(next);
      }
    } catch (error) {
      onError?.(error, null);
    }
  }

  #begin(next: QueuedSnapshot): void {
    this.#busy.add(next.accountId);
    const making: Promise<void> = this.#makeOne(next)
      .finally(() => this.#busy.delete(next.accountId))
      .then(() => this.#beginAll())
      .finally(() => this.#making.delete(making));
    this.#making.add(making);
  }

  async #makeOne({ accountId, snapshotId }: QueuedSnapshot): Promise<void> {
    const { storage, clock, onEnd, onError, retryMilliseconds = 30_000 } = this.#options;
    const tell = (error: unknown) => onError?.(error, { snapshotId });
    try {
      const found = await storage.snapshots.get(accountId, snapshotId);
      if (found !== undefined) {
        const ended = await makeSnapshot(this.#contextOf(accountId), found, tell);
        onEnd?.(ended);
        return;
      }
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      tell(error);
    }
    this.#retryAt.set(snapshotId, clock.now() + Math.max(retryMilliseconds, 1));
  }

  #contextOf(accountId: string): MakingContext {
    const { storage, clock, partSize = defaultPartSize, listingPage = 1_000 } = this.#options;
    const account = storage.ofAccount(accountId);
    const smallestPart = Math.max(partSize, account.options.minimumPartSize);
    return { storage, account, clock, signal: this.#stopping.signal, parts: this.#parts, smallestPart, listingPage };
  }
}

async function waitByTimer(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
