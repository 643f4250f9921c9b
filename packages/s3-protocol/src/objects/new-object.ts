import {
  checkRetainUntil,
  invalidArgument,
  s3Headers,
  type CannedAcl,
  type LockRequest,
  type ObjectContent,
} from '@coffer/s3-schema';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { LockSettings, NewFile, WriteCondition } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';

/** What the headers of a request say of the object that it makes. */
export interface RequestedObject extends ObjectContent, LockRequest {
  readonly acl: CannedAcl | undefined;
}

/** Where the object is to be, and what else decides about it. */
export interface NewPlace {
  readonly bucket: BucketRecord;
  readonly key: string;
  readonly encryption: EncryptionRequest | undefined;
  readonly condition?: WriteCondition | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The object to make, as the core takes it.
 *
 * @throws S3Error `InvalidArgument` for an ACL that is not the bucket's, or a date that has passed.
 */
export function newObject(requested: RequestedObject, { bucket, key, encryption, condition, now }: NewPlace): NewFile {
  requireBucketAcl(requested.acl, bucket);
  const { contentType, fileInfo } = requested;
  return {
    bucketId: bucket.bucketId,
    name: key,
    contentType,
    fileInfo,
    ...lockSettings(requested, now),
    ...(encryption !== undefined && { encryption }),
    ...(condition !== undefined && { condition }),
  };
}

/**
 * Retention and legal hold as the core takes them; a request that asks for none gets what the bucket has by
 * default.
 */
export function lockSettings({ retention, legalHold }: LockRequest, now: number): LockSettings {
  if (retention !== undefined) checkRetainUntil(retention.retainUntilTimestamp, now);
  return {
    ...(retention !== undefined && {
      retention: { mode: retention.mode, retainUntil: retention.retainUntilTimestamp },
    }),
    ...(legalHold !== undefined && { legalHold }),
  };
}

/**
 * An object has the ACL of its bucket (B2 docs "S3 Compatible API").
 *
 * @throws S3Error `InvalidArgument` for another one.
 */
export function requireBucketAcl(acl: CannedAcl | undefined, bucket: BucketRecord): void {
  if (acl === undefined || acl === aclOf(bucket)) return;
  throw invalidArgument(s3Headers.acl, 'The ACL of an object must be that of its bucket', acl);
}

/** Who may read what is in a bucket. */
export function aclOf({ type }: Pick<BucketRecord, 'type'>): CannedAcl {
  return type === 'allPublic' ? 'public-read' : 'private';
}
