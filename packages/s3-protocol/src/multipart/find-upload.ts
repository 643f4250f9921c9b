import { StorageError, type FileVersion, type AccountStorage } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { noSuchUpload } from '../errors/storage-answers.ts';

/**
 * The unfinished upload of that id, if it belongs to the bucket and the key of the request.
 *
 * @throws S3Error `NoSuchUpload`
 */
export async function requireUpload(
  storage: AccountStorage,
  { bucketId }: Pick<BucketRecord, 'bucketId'>,
  key: string,
  uploadId: string,
): Promise<FileVersion> {
  try {
    const upload = await storage.largeFiles.get(uploadId);
    if (upload.bucketId === bucketId && upload.name === key) return upload;
  } catch (error) {
    if (!StorageError.is(error, 'no_active_upload')) throw error;
  }
  throw noSuchUpload({ uploadId });
}
