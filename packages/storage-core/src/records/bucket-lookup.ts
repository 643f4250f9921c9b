import { keys, type BucketRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { isPossibleId } from '../core/identifiers.ts';
import type { Transaction } from '../core/transaction.ts';

/** @throws StorageError `bucket_missing`. */
export async function requireBucket(core: Core, bucketId: string): Promise<BucketRecord> {
  const stored = isPossibleId(bucketId) ? await core.metadata.get('buckets', keys.buckets(bucketId)) : undefined;
  if (stored === undefined) throw failures.bucketMissing(bucketId);
  return stored.value;
}

/**
 * The bucket; the commit succeeds only if the bucket has not changed by then.
 *
 * @throws StorageError `bucket_missing`.
 */
export async function bucketIn(tx: Transaction, bucketId: string): Promise<BucketRecord> {
  const bucket = isPossibleId(bucketId) ? await tx.get('buckets', keys.buckets(bucketId)) : undefined;
  if (bucket === undefined) throw failures.bucketMissing(bucketId);
  return bucket;
}

/**
 * Makes the commit depend on the existence of the bucket, but not on its settings.
 *
 * @throws StorageError `bucket_missing` if it is gone already.
 */
export async function keepBucket(tx: Transaction, bucketId: string): Promise<BucketRecord> {
  const key = keys.buckets(bucketId);
  const bucket = await tx.peek('buckets', key);
  if (bucket === undefined) throw failures.bucketMissing(bucketId);
  tx.expectPresent('buckets', key);
  return bucket;
}
