import { snapshotInfo, StorageError, type AccountStorage, type FileVersion } from '@coffer/storage-core';
import type { SnapshotRecord } from '@coffer/storage-ports';
import { findSnapshotBucket, needSnapshotBucket } from '../snapshot-bucket.ts';
import { partSizeFor } from '../zip-size.ts';
import { advance, type MakingContext } from './context.ts';

const pageLimit = 100;

/** A snapshot with a large file to write its ZIP file into. */
export type UploadingSnapshot = SnapshotRecord & { readonly upload: NonNullable<SnapshotRecord['upload']> };

/** The snapshot with its large file, which is started now if there is none. */
export async function needUpload(context: MakingContext, snapshot: SnapshotRecord): Promise<UploadingSnapshot> {
  const { account, smallestPart } = context;
  const { upload } = snapshot;
  if (upload !== null && (await stateOf(account, upload.fileId)) !== 'missing') return { ...snapshot, upload };
  // One may have been started whose id could not be recorded any more.
  await cancelUploads(account, snapshot);
  const bucket = await needSnapshotBucket(account, snapshot.accountId);
  const started = await account.largeFiles.start({
    ...{ bucketId: bucket.bucketId, name: snapshot.fileName, contentType: 'application/zip' },
    fileInfo: { [snapshotInfo]: snapshot.snapshotId },
    isSnapshot: true,
  });
  const made = {
    ...{ bucketId: bucket.bucketId, fileId: started.fileId, isFinishing: false },
    partSize: partSizeFor(snapshot.total, smallestPart),
  };
  const changed = await advance(context, snapshot, (before) => ({ snapshot: { ...before, upload: made } }));
  return { ...changed, upload: made };
}

/** What has become of a large file. */
async function stateOf(account: AccountStorage, fileId: string): Promise<'unfinished' | 'finished' | 'missing'> {
  const version = await versionOf(account, fileId);
  if (version === undefined) return 'missing';
  return version.action === 'start' ? 'unfinished' : 'finished';
}

/** A version by its id; undefined if there is none. */
export async function versionOf(account: AccountStorage, fileId: string): Promise<FileVersion | undefined> {
  try {
    return await account.files.get(fileId);
  } catch (error) {
    if (StorageError.is(error, 'file_missing')) return undefined;
    throw error;
  }
}

/** Removes every unfinished large file of the snapshot. A finished one stays. */
export async function cancelUploads(account: AccountStorage, snapshot: SnapshotRecord): Promise<void> {
  const bucket = await findSnapshotBucket(account, snapshot.accountId);
  if (bucket === undefined) return;
  const query = { bucketId: bucket.bucketId, namePrefix: snapshot.fileName, limit: pageLimit };
  for (let startFileId: string | undefined; ;) {
    const place = startFileId === undefined ? {} : { startFileId };
    const { files, nextFileId } = await account.largeFiles.listUnfinished({ ...query, ...place });
    for (const { fileId, fileInfo } of files)
      if (fileInfo[snapshotInfo] === snapshot.snapshotId) await cancelUpload(account, fileId);
    if (nextFileId === null) return;
    startFileId = nextFileId;
  }
}

async function cancelUpload(account: AccountStorage, fileId: string): Promise<void> {
  try {
    await account.largeFiles.cancel(fileId, { isSnapshot: true });
  } catch (error) {
    if (!StorageError.is(error, 'no_active_upload')) throw error;
  }
}
