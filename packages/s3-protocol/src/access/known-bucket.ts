import { S3Error } from '@coffer/s3-schema';
import { coversBucket, coversName, type AccountStorage } from '@coffer/storage-core';
import { noSuchBucket } from '../errors/storage-answers.ts';
import { findBucket } from './authorize.ts';
import type { Caller } from './caller.ts';

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
  const { grant } = caller;
  const bucket = await findBucket(storage, bucketName);
  const isOwn = bucket?.accountId === grant.accountId;
  if (grant.bucketIds !== null && (!isOwn || !coversBucket(grant, bucket.bucketId))) throw new S3Error('AccessDenied');
  if (key !== undefined && !coversName(grant, key)) throw new S3Error('AccessDenied');
  if (!isOwn) throw noSuchBucket({ bucketName });
}
