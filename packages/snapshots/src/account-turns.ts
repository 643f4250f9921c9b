import { StorageError, type Storage } from '@coffer/storage-core';

/** A place in the queue. */
export interface QueuedSnapshot {
  readonly accountId: string;
  readonly snapshotId: string;
}

/** Newest snapshots that are looked at for when an account had its last turn: more than may wait or run. */
const remembered = 20;

/**
 * Decides whose snapshot is made next. Accounts take turns, however many snapshots each of them has in the queue: it is
 * the turn of the account whose last turn began the longest time ago, and there of its oldest snapshot.
 */
export class AccountTurns {
  readonly #storage: Pick<Storage, 'snapshots'>;
  /** When the last turn of each account in the queue began; ms since the epoch, made to differ. 0: it had none. */
  readonly #lastTurns = new Map<string, number>();
  #latest = 0;

  constructor(storage: Pick<Storage, 'snapshots'>) {
    this.#storage = storage;
  }

  /**
   * The next snapshot, whose turn begins now; undefined if there is none. Of an account in `busy` there is none.
   *
   * @param isPutOff Whether a snapshot is not to be made now, although it is in the queue.
   */
  async next(
    now: number,
    busy: ReadonlySet<string>,
    isPutOff: (snapshotId: string) => boolean,
  ): Promise<QueuedSnapshot | undefined> {
    const oldest = await this.#oldestOfAccounts(busy, isPutOff);
    let next: QueuedSnapshot | undefined;
    let longestAgo = Infinity;
    for (const queued of oldest) {
      const lastTurn = await this.#lastTurnOf(queued.accountId);
      if (lastTurn >= longestAgo) continue;
      longestAgo = lastTurn;
      next = queued;
    }
    if (next === undefined) return undefined;
    this.#latest = Math.max(now, this.#latest + 1);
    this.#lastTurns.set(next.accountId, this.#latest);
    return next;
  }

  /** The oldest snapshot of each account, in the order of the queue. */
  async #oldestOfAccounts(
    busy: ReadonlySet<string>,
    isPutOff: (snapshotId: string) => boolean,
  ): Promise<readonly QueuedSnapshot[]> {
    const inQueue = new Set<string>();
    const oldest = new Map<string, QueuedSnapshot>();
    for await (const queued of this.#storage.snapshots.queued()) {
      const { accountId, snapshotId } = queued;
      inQueue.add(accountId);
      if (!busy.has(accountId) && !oldest.has(accountId) && !isPutOff(snapshotId)) oldest.set(accountId, queued);
    }
    for (const accountId of this.#lastTurns.keys()) if (!inQueue.has(accountId)) this.#lastTurns.delete(accountId);
    return [...oldest.values()];
  }

  /** After a restart, the records tell it. */
  async #lastTurnOf(accountId: string): Promise<number> {
    const known = this.#lastTurns.get(accountId);
    if (known !== undefined) return known;
    const recorded = await this.#recordedTurn(accountId);
    this.#latest = Math.max(this.#latest, recorded);
    this.#lastTurns.set(accountId, recorded);
    return recorded;
  }

  async #recordedTurn(accountId: string): Promise<number> {
    try {
      const newest = await this.#storage.snapshots.list({ accountId, limit: remembered });
      return Math.max(0, ...newest.map(({ startedAt }) => startedAt ?? 0));
    } catch (error) {
      // A damaged record keeps only itself from being made, and is told of when its own turn comes.
      if (StorageError.is(error, 'record_damaged')) return 0;
      throw error;
    }
  }
}
