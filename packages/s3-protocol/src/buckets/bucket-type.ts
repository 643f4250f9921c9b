import type { CannedAcl } from '@coffer/s3-schema';
import type { BucketType } from '@coffer/storage-ports';

/** The type of a bucket with that ACL. */
export function bucketTypeOf(acl: CannedAcl): BucketType {
  return acl === 'public-read' ? 'allPublic' : 'allPrivate';
}
