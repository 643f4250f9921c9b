import { S3Error } from '@coffer/s3-schema';
import { type AccountStorage } from '@coffer/storage-core';
import { findBucket } from './authorize.ts';
import type { Caller } from './caller.ts';
import { requireCovered } from './covered-bucket.ts';

/**
 * Checks that a caller may know of a bucket, for the operations that are answered the same whatever the bucket is.
 *
 * @throws S3Error `AccessDenied`, `NoSuchBucket`
 */
export async function requireKnownBucket(
  storage: AccountStorage,
  caller: Caller,
  { bucketName, key }: { readonly bucketName: string | undefined; readonly key: string | undefined },
): Promise<void> {
  if (caller.kind === 'anonymous') throw new S3Error('AccessDenied');
  if (bucketName === undefined) return;
  requireCovered(caller.grant, await findBucket(storage, bucketName), { bucketName, key });
}
