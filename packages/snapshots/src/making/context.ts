import type { AccountStorage, SnapshotChange, Storage } from '@coffer/storage-core';
import type { Clock, SnapshotRecord } from '@coffer/storage-ports';
import { SnapshotEnded } from './failures.ts';
import type { OneAtATime } from './one-at-a-time.ts';

/** What one snapshot is made with. */
export interface MakingContext {
  readonly storage: Storage;
  /** As the account of the snapshot sees it. */
  readonly account: AccountStorage;
  readonly clock: Pick<Clock, 'now'>;
  /** Ends the work; the snapshot is gone on with after the next start. */
  readonly signal: AbortSignal;
  /** Where snapshots that are made at the same time take turns, a part each. */
  readonly parts: OneAtATime;
  /** Bytes: parts are no smaller, unless they are the last. */
  readonly smallestPart: number;
  /** Files that one commit adds to the list. */
  readonly listingPage: number;
}

/**
 * Changes the record of a snapshot that is being made, in one step.
 *
 * @throws SnapshotEnded if it was cancelled.
 */
export async function advance(
  { storage, signal }: MakingContext,
  { accountId, snapshotId }: SnapshotRecord,
  change: (snapshot: SnapshotRecord) => SnapshotChange,
): Promise<SnapshotRecord> {
  signal.throwIfAborted();
  const changed = await storage.snapshots.change(accountId, snapshotId, (snapshot) => {
    if (snapshot.state !== 'running' && snapshot.state !== 'waiting') throw new SnapshotEnded('The snapshot has ended');
    return change(snapshot);
  });
  if (changed === undefined) throw new SnapshotEnded('The record of the snapshot is gone');
  return changed;
}
