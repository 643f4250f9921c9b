import { StorageError, type BucketSettings, type AccountStorage } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';

/** How often a bucket may change under an update before that gives up. */
const attempts = 5;

/**
 * Changes settings that depend on what the bucket has: `change` is asked again when somebody else has changed
 * the bucket
 * meanwhile.
 *
 * @throws StorageError `bucket_revision_mismatch` if others keep changing it.
 */
export async function updateBucket(
  { buckets }: AccountStorage,
  bucket: BucketRecord,
  change: (current: BucketRecord) => BucketSettings,
): Promise<void> {
  let current = bucket;
  for (let attempt = 1; ; attempt++) {
    try {
      await buckets.update(current.bucketId, change(current), { ifRevisionIs: current.revision });
      return;
    } catch (error) {
      if (!StorageError.is(error, 'bucket_revision_mismatch') || attempt === attempts) throw error;
      current = await buckets.get(bucket.bucketId);
    }
  }
}
