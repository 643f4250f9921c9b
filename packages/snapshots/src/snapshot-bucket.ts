import { StorageError, type AccountStorage } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';

/**
 * The name of the bucket that an account's snapshots are put into. No client can make a bucket of such a name.
 *
 * @example
 * ```ts
 * assert.equal(snapshotBucketName('0123456789ab'), 'b2-snapshots-0123456789ab');
 * ```
 */
export function snapshotBucketName(accountId: string): string {
  return `b2-snapshots-${accountId}`;
}

/** The account's snapshot bucket; undefined if there is none. */
export async function findSnapshotBucket(
  account: AccountStorage,
  accountId: string,
): Promise<BucketRecord | undefined> {
  const [bucket] = await account.buckets.list({ accountId, name: snapshotBucketName(accountId) });
  return bucket?.type === 'snapshot' ? bucket : undefined;
}

/**
 * The account's snapshot bucket, made now if there is none.
 *
 * @throws StorageError `too_many_buckets`; `bucket_name_taken` if another bucket has its name.
 */
export async function needSnapshotBucket(account: AccountStorage, accountId: string): Promise<BucketRecord> {
  const found = await findSnapshotBucket(account, accountId);
  if (found !== undefined) return found;
  const name = snapshotBucketName(accountId);
  try {
    return await account.buckets.create({ accountId, name, type: 'snapshot', settings: {} });
  } catch (error) {
    // Another request may have made it at the same time.
    const made = StorageError.is(error, 'bucket_name_taken') ? await findSnapshotBucket(account, accountId) : undefined;
    if (made === undefined) throw error;
    return made;
  }
}
