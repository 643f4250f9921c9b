import { setTimeout as sleep } from 'node:timers/promises';
import type { Storage } from '@coffer/storage-core';
import type { Clock, SnapshotRecord } from '@coffer/storage-ports';
import { makeSnapshot } from './making/make-snapshot.ts';
import type { MakingContext } from './making/context.ts';

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

/** Makes the snapshots that were asked for, one after the other. Only one worker may run over a store at a time. */
export interface SnapshotWorker {
  /** Looks for snapshots from now on. */
  start(): void;
  /** Makes all snapshots that wait now. For tests, and for programs that run once. */
  round(): Promise<void>;
  /**
   * Interrupts the snapshot that is being made, which is gone on with by the next worker, and resolves when that is
   * done. Idempotent.
   */
  stop(): Promise<void>;
}

const defaultPartSize = 64 * 1024 * 1024;

/** A worker over a storage. It does nothing before it is started. */
export function createSnapshotWorker(options: SnapshotWorkerOptions): SnapshotWorker {
  return new Worker(options);
}

class Worker implements SnapshotWorker {
  readonly #options: SnapshotWorkerOptions;
  readonly #stopping = new AbortController();
  /** When a snapshot may be tried again whose failure could not be recorded, in ms since the epoch. */
  readonly #retryAt = new Map<string, number>();
  #running: Promise<void> | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(options: SnapshotWorkerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  round(): Promise<void> {
    this.#round = this.#round.then(() => this.#makeAll());
    return this.#round;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#round;
  }

  async #run(): Promise<void> {
    const { pollMilliseconds = 1_000, wait = waitByTimer } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.round();
      await wait(pollMilliseconds, signal);
    }
  }

  /** Never rejects: what failed is tried again in a later round. */
  async #makeAll(): Promise<void> {
    const { storage, onError } = this.#options;
    try {
      for await (const turn of storage.snapshots.queued()) {
        if (this.#stopping.signal.aborted) return;
        await this.#makeOne(turn);
      }
    } catch (error) {
      onError?.(error, null);
    }
  }

  async #makeOne({
    accountId,
    snapshotId,
  }: {
    readonly accountId: string;
    readonly snapshotId: string;
  }): Promise<void> {
    const { storage, clock, onEnd, onError, retryMilliseconds = 30_000 } = this.#options;
    if ((this.#retryAt.get(snapshotId) ?? -Infinity) > clock.now()) return;
    const tell = (error: unknown) => onError?.(error, { snapshotId });
    try {
      const found = await storage.snapshots.get(accountId, snapshotId);
      if (found === undefined) return;
      const ended = await makeSnapshot(this.#contextOf(accountId), found, tell);
      this.#retryAt.delete(snapshotId);
      onEnd?.(ended);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#retryAt.set(snapshotId, clock.now() + retryMilliseconds);
      tell(error);
    }
  }

  #contextOf(accountId: string): MakingContext {
    const { storage, clock, partSize = defaultPartSize, listingPage = 1_000 } = this.#options;
    const account = storage.ofAccount(accountId);
    const smallestPart = Math.max(partSize, account.options.minimumPartSize);
    return { storage, account, clock, signal: this.#stopping.signal, smallestPart, listingPage };
  }
}

async function waitByTimer(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
