import { StorageError, type FileVersion, type AccountStorage } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { noSuchUpload } from '../errors/storage-answers.ts';

/**
 * The upload of that id, finished or not: a completion that is sent again, because its answer was lost, is answered
 * again.
 *
 * @throws S3Error `NoSuchUpload` for an id of something else, or of another place.
 */
export async function requireCompletable(
  storage: AccountStorage,
  { bucketId }: Pick<BucketRecord, 'bucketId'>,
  key: string,
  uploadId: string,
): Promise<FileVersion> {
  try {
    const version = await storage.files.get(uploadId);
    const isUpload = version.action === 'start' || version.partCount !== null;
    if (isUpload && version.bucketId === bucketId && version.name === key) return version;
  } catch (error) {
    if (!StorageError.is(error, 'file_missing')) throw error;
  }
  throw noSuchUpload({ uploadId });
}
