import { keys, type FileVersionRecord, type SnapshotRecord } from '@coffer/storage-ports';
import { failures } from '../core/failures.ts';
import { isPossibleId } from '../core/identifiers.ts';
import { StorageError } from '../services/storage-error.ts';
import type { Transaction } from '../core/transaction.ts';
import type { RecordReader } from './find-version.ts';

/** The member of an unfinished large file's info that says which snapshot's ZIP file it is to be. */
export const snapshotInfo = 'coffer_snapshot_id';

/**
 * The snapshot whose ZIP file this unfinished large file is to be; undefined of a client's own large file. What the
 * info says does not decide it, since clients choose that for their files: the record of the snapshot does.
 */
async function snapshotOf(reader: RecordReader, version: FileVersionRecord): Promise<SnapshotRecord | undefined> {
  const snapshotId = version.fileInfo[snapshotInfo];
  if (version.action !== 'start' || snapshotId === undefined || !isPossibleId(snapshotId)) return undefined;
  const bucket = await reader.get('buckets', keys.buckets(version.bucketId));
  if (bucket?.type !== 'snapshot') return undefined;
  const snapshot = await reader.get('snapshots', keys.snapshots(bucket.accountId, snapshotId));
  if (snapshot?.fileName !== version.name) return undefined;
  // One that was started a moment ago is not recorded yet.
  const isOwn = snapshot.upload === null ? isActive(snapshot) : snapshot.upload.fileId === version.fileId;
  return isOwn ? snapshot : undefined;
}

function isActive({ state }: SnapshotRecord): boolean {
  return state === 'waiting' || state === 'running';
}

/**
 * Refuses to write into the ZIP file of a snapshot, or to finish it: with a part of somebody else's or without its
 * last ones, it would look like a whole one. `isSnapshot`: whether it is the service that makes snapshots that asks.
 *
 * @throws StorageError `snapshot_unfinished`.
 */
export async function requireNoSnapshot(
  reader: RecordReader,
  version: FileVersionRecord,
  isSnapshot: true | undefined,
): Promise<void> {
  if (isSnapshot === true) return;
  const snapshot = await snapshotOf(reader, version);
  if (snapshot !== undefined) throw failures.snapshotUnfinished(snapshot.snapshotId);
}

/** With the unfinished ZIP file of a snapshot, the snapshot is cancelled by the same commit. */
export async function cancelSnapshotOf(tx: Transaction, version: FileVersionRecord, now: number): Promise<void> {
  const snapshot = await snapshotOrDamaged(tx, version);
  if (snapshot === undefined || !isActive(snapshot)) return;
  const key = keys.snapshots(snapshot.accountId, snapshot.snapshotId);
  tx.put('snapshots', key, { ...snapshot, state: 'cancelled', endedAt: now });
}

/** A damaged record must not keep an owner from removing the file. */
async function snapshotOrDamaged(tx: Transaction, version: FileVersionRecord): Promise<SnapshotRecord | undefined> {
  try {
    return await snapshotOf(tx, version);
  } catch (error) {
    if (StorageError.is(error, 'record_damaged') && error.details.table === 'snapshots') return undefined;
    throw error;
  }
}
