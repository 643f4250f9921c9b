import { S3Error } from '@coffer/s3-schema';
import { coversBucket, coversName, type Grant } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { noSuchBucket } from '../errors/storage-answers.ts';

/** What a request names. */
export interface NamedPlace {
  readonly bucketName: string;
  /** Undefined where the request is about the bucket itself. */
  readonly key: string | undefined;
}

/**
 * The bucket that was found, if it belongs to the account of the key and the key's restrictions cover it and the name
 * of the object. A key that is restricted gets the same answer for a bucket that does not exist.
 *
 * @throws S3Error `AccessDenied`, `NoSuchBucket`
 */
export function requireCovered(grant: Grant, bucket: BucketRecord | undefined, place: NamedPlace): BucketRecord {
  const { bucketName, key } = place;
  const own = bucket?.accountId === grant.accountId ? bucket : undefined;
  const isOutside = grant.bucketIds !== null && (own === undefined || !coversBucket(grant, own.bucketId));
  if (isOutside || (key !== undefined && !coversName(grant, key))) throw new S3Error('AccessDenied');
  if (own === undefined) throw noSuchBucket({ bucketName });
  return own;
}
