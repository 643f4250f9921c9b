import { parseFileId } from '@coffer/b2-schema';
import { StorageError } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import type { FileAudience } from '../views/file-view.ts';
import type { Call } from './handler.ts';

/** How the caller sees a file of the bucket. */
export function fileAudience({ grant, options }: Call, bucket: BucketRecord | undefined): FileAudience {
  return { caller: grant.capabilities, bucket, now: options.clock.now() };
}

/**
 * The bucket of a file that is about to be stored or shown. It is looked up before the file is stored, so that a
 * failure here cannot make a completed upload look failed. Undefined if there is no such bucket; the storage then
 * refuses the call itself.
 */
export async function bucketOf({ storage }: Call, bucketId: string | undefined): Promise<BucketRecord | undefined> {
  if (bucketId === undefined) return undefined;
  try {
    return await storage.buckets.get(bucketId);
  } catch (error) {
    if (StorageError.is(error, 'bucket_missing')) return undefined;
    throw error;
  }
}

/** The bucket in the id of a file; undefined where the text is no id. */
export function bucketIdIn(fileId: string): string | undefined {
  return parseFileId(fileId)?.bucketId;
}
