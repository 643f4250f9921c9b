import { S3Error, type CopySource } from '@coffer/s3-schema';
import { type FileVersion, type Grant, type AccountStorage } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { findVersion } from '../objects/find-version.ts';
import { findBucket, requireOwner } from './authorize.ts';
import { requireCovered } from './covered-bucket.ts';

/** The version that is to be copied, and its bucket. */
export interface FoundSource {
  readonly bucket: BucketRecord;
  readonly version: FileVersion;
}

/**
 * The source of a copy, if the key may read it: everybody may in a public bucket, otherwise it takes `readFiles`
 * and the
 * key's restrictions have to cover it.
 *
 * @throws S3Error `AccessDenied`, `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`, `InvalidRequest` for a hide marker.
 */
export async function requireSource(
  storage: AccountStorage,
  grant: Grant,
  source: CopySource,
  expectedOwner: string | undefined,
): Promise<FoundSource> {
  const bucket = await requireReadable(storage, grant, source);
  requireOwner(expectedOwner, bucket);
  const version = await findVersion(storage, {
    bucket,
    key: source.key,
    versionId: source.versionId,
    ofMarker: () =>
      new S3Error('InvalidRequest', {
        message: 'The source of a copy request may not specifically refer to a delete marker by version id.',
      }),
  });
  return { bucket, version };
}

async function requireReadable(
  storage: AccountStorage,
  grant: Grant,
  { bucket: name, key }: CopySource,
): Promise<BucketRecord> {
  const bucket = await findBucket(storage, name);
  if (bucket?.type === 'allPublic') return bucket;
  if (!grant.capabilities.has('readFiles')) throw new S3Error('AccessDenied');
  return requireCovered(grant, bucket, { bucketName: name, key });
}
