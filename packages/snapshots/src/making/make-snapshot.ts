import { StorageError } from '@coffer/storage-core';
import type { SnapshotRecord } from '@coffer/storage-ports';
import { advance, type MakingContext } from './context.ts';
import { SnapshotEnded, SnapshotFailure, failureOf, type SnapshotFailureCode } from './failures.ts';
import { listFiles } from './list-files.ts';
import { cancelUploads, needUpload, versionOf, type UploadingSnapshot } from './upload.ts';
import { withCounts, writeZip } from './write-zip.ts';

/**
 * Does what is still to be done for a snapshot: makes it, from wherever an earlier process was interrupted, or removes
 * what is left of one that has ended. Resolves with the snapshot once it has ended.
 *
 * @throws the signal's reason where it was interrupted; what the stores threw where not even its failure could be
 * recorded. Then it is to be called again later.
 */
export async function makeSnapshot(
  context: MakingContext,
  found: SnapshotRecord,
  onError: (error: unknown) => void,
): Promise<SnapshotRecord> {
  const ended = await endedSnapshot(context, found, onError);
  await cancelUploads(context.account, ended);
  await context.storage.snapshots.settle(ended.accountId, ended.snapshotId);
  return ended;
}

async function endedSnapshot(
  context: MakingContext,
  found: SnapshotRecord,
  onError: (error: unknown) => void,
): Promise<SnapshotRecord> {
  if (found.state !== 'waiting' && found.state !== 'running') return found;
  try {
    return await run(context, found);
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof SnapshotEnded) return requireSnapshot(context, found);
    return recordFailure(context, found, error, onError);
  }
}

async function run(context: MakingContext, found: SnapshotRecord): Promise<SnapshotRecord> {
  const { account, clock } = context;
  const done = await recordFinished(context, found);
  if (done !== undefined) return done;
  const begun = await advance(context, found, (before) => ({ snapshot: begunAgain(before, clock.now()) }));
  await account.buckets.get(begun.bucketId);
  const listed = await listFiles(context, begun);
  const snapshot = await needUpload(context, listed).catch((error: unknown) => {
    // It is not the bucket of the files that is missing.
    if (!StorageError.is(error, 'bucket_missing')) throw error;
    throw new SnapshotFailure('no_snapshot_bucket', 'The bucket of snapshots was deleted meanwhile.', { cause: error });
  });
  const { parts, size, counts } = await writeZip(context, snapshot);
  if (counts.done.files === 0)
    throw new SnapshotFailure('nothing_to_store', 'There is no file to store: what was selected was deleted.');
  const finishing: UploadingSnapshot['upload'] = { ...snapshot.upload, isFinishing: true };
  await advance(context, snapshot, (before) => ({ snapshot: { ...withCounts(before, counts), upload: finishing } }));
  await account.largeFiles.complete(finishing.fileId, parts, { size, isSnapshot: true });
  return (await recordFinished(context, { ...snapshot, upload: finishing })) ?? requireSnapshot(context, snapshot);
}

/** As long as its large file is not being finished, it can be cancelled. */
function begunAgain(snapshot: SnapshotRecord, now: number): SnapshotRecord {
  const upload = snapshot.upload === null ? null : { ...snapshot.upload, isFinishing: false };
  return { ...snapshot, state: 'running', startedAt: snapshot.startedAt ?? now, upload };
}

/** Ends a snapshot whose large file is finished; undefined if it is not. */
async function recordFinished(context: MakingContext, snapshot: SnapshotRecord): Promise<SnapshotRecord | undefined> {
  const { upload } = snapshot;
  const version = upload?.isFinishing === true ? await versionOf(context.account, upload.fileId) : undefined;
  if (version === undefined || version.action === 'start') return undefined;
  return advance(context, snapshot, (before) => ({
    snapshot: { ...before, state: 'done', endedAt: context.clock.now(), size: version.size },
  }));
}

async function recordFailure(
  context: MakingContext,
  found: SnapshotRecord,
  error: unknown,
  onError: (error: unknown) => void,
): Promise<SnapshotRecord> {
  const { account, clock } = context;
  const { code, message, cause } = failureOf(error);
  if (isForOperator(code)) onError(cause ?? error);
  const snapshot = await requireSnapshot(context, found);
  // The last commit may have been made although it seemed to fail.
  const done = await recordFinished(context, snapshot);
  if (done !== undefined) return done;
  // Makes room, where room is what is missing.
  await cancelUploads(account, snapshot);
  try {
    return await advance(context, snapshot, (before) => ({
      snapshot: { ...before, state: 'failed', endedAt: clock.now(), failure: { code, message } },
    }));
  } catch (failure) {
    if (failure instanceof SnapshotEnded) return requireSnapshot(context, found);
    throw failure;
  }
}

/** Whether the reason is not one that the user alone can help. */
function isForOperator(code: SnapshotFailureCode): boolean {
  return ['file_damaged', 'storage_full', 'storage_unavailable', 'internal'].includes(code);
}

async function requireSnapshot(
  { storage }: MakingContext,
  { accountId, snapshotId }: SnapshotRecord,
): Promise<SnapshotRecord> {
  const snapshot = await storage.snapshots.get(accountId, snapshotId);
  if (snapshot === undefined) throw new SnapshotFailure('internal', 'The record of the snapshot is lost.');
  return snapshot;
}
