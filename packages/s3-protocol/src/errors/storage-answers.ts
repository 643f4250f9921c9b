import { unsatisfiedContentRange } from '@coffer/http';
import {
  badChecksum,
  encryptionError,
  invalidArgument,
  invalidRequest,
  printEtag,
  S3Error,
  type S3ErrorDetail,
} from '@coffer/s3-schema';
import type { StorageError, StorageErrorCode, StorageErrorDetails } from '@coffer/storage-core';

/** What a request named, for the errors that say what was not found. */
export interface ErrorSubject {
  readonly bucketName: string | undefined;
  readonly key: string | undefined;
  readonly versionId: string | undefined;
  readonly uploadId: string | undefined;
}

type Answer<Code extends StorageErrorCode> = (
  details: StorageErrorDetails[Code],
  subject: ErrorSubject,
  error: StorageError,
) => S3Error;

const locked = 'Access Denied because object protected by object lock.';

/**
 * The answer to each error of the storage core (AWS docs "Error responses", and recorded answers). What the client
 * cannot help becomes an internal error, whose cause is for the operator only.
 */
const answers: { readonly [Code in StorageErrorCode]: Answer<Code> } = {
  bad_credentials: () => new S3Error('InvalidAccessKeyId'),
  token_invalid: (_, _s, error) => internalError(error),
  token_expired: (_, _s, error) => internalError(error),
  application_key_missing: () => new S3Error('InvalidAccessKeyId'),
  outside_prefix: () => new S3Error('AccessDenied'),
  invalid: ({ field }, _, error) => invalidArgument(field, error.message),

  bucket_missing: (_, subject) => noSuchBucket(subject),
  bucket_name_missing: (_, subject) => noSuchBucket(subject),
  bucket_name_taken: (_, subject) => new S3Error('BucketAlreadyExists', { details: bucketDetail(subject) }),
  too_many_buckets: () => new S3Error('TooManyBuckets'),
  bucket_not_empty: (_, subject) => new S3Error('BucketNotEmpty', { details: bucketDetail(subject) }),
  bucket_revision_mismatch: () => tryAgain(),

  file_missing: (_, subject) => noSuchKey(subject),
  file_not_present: (_, subject) => noSuchKey(subject),
  condition_failed: () => new S3Error('PreconditionFailed'),
  name_missing: (_, subject) => noSuchKey(subject),
  already_hidden: (_, subject) => noSuchKey(subject),
  no_active_upload: (_, subject) => noSuchUpload(subject),
  part_missing: ({ partNumber }, subject) => invalidPart(partNumber, subject),
  part_tag_mismatch: ({ partNumber }, subject) => invalidPart(partNumber, subject),
  part_sha1_mismatch: ({ partNumber }, subject) => invalidPart(partNumber, subject),
  part_checksum_mismatch: ({ partNumber }, subject) => invalidPart(partNumber, subject),
  part_checksum_missing: ({ partNumber }) => invalidRequest(`The checksum of part ${partNumber} is missing`),
  too_few_parts: () => invalidRequest('You must specify at least one part'),
  part_too_small: ({ partNumber, minimum, size, entityTag }) =>
    new S3Error('EntityTooSmall', {
      details: {
        PartNumber: partNumber,
        MinSizeAllowed: minimum,
        ProposedSize: size,
        ETag: printEtag(entityTag),
      },
    }),
  size_mismatch: (_, _s, error) => invalidRequest(error.message),

  snapshot_unfinished: (_, _s, error) => new S3Error('AccessDenied', { message: error.message }),
  // No S3 operation is about snapshots themselves.
  too_many_snapshots: (_, _s, error) => internalError(error),
  request_id_taken: (_, _s, error) => internalError(error),
  snapshot_missing: (_, _s, error) => internalError(error),
  snapshot_ended: (_, _s, error) => internalError(error),

  checksum_mismatch: ({ algorithm }) =>
    algorithm === 'MD5' || algorithm === 'SHA-1' ? new S3Error('BadDigest') : badChecksum(algorithm),
  trailing_sha1_malformed: (_, _s, error) => internalError(error),
  body_incomplete: () => new S3Error('IncompleteBody'),
  body_too_large: ({ limit }) => new S3Error('EntityTooLarge', { details: { MaxSizeAllowed: limit } }),
  metadata_too_large: ({ limit }) => new S3Error('MetadataTooLarge', { details: { MaxSizeAllowed: limit } }),
  file_closed: (_, _s, error) => internalError(error),
  range_not_satisfiable: ({ size }) =>
    new S3Error('InvalidRange', {
      details: { ActualObjectSize: size },
      headers: [['Content-Range', unsatisfiedContentRange(size)]],
    }),
  copy_source_too_large: () =>
    invalidRequest('The specified copy source is larger than the maximum allowable size for a copy source: 5368709120'),
  custom_timestamp_not_allowed: (_, _s, error) => internalError(error),
  custom_timestamp_invalid: (_, _s, error) => internalError(error),

  sse_violation: ({ violation }) => encryptionError(violation),
  customer_key_wrong: () => encryptionError('customer_key_wrong'),
  customer_keys_blocked: () =>
    new S3Error('AccessDenied', { message: 'Access Denied. This bucket blocks SSE-C for new objects.' }),
  integrity: (_, _s, error) => internalError(error),
  record_damaged: (_, _s, error) => internalError(error),

  bucket_lock_missing: () => invalidRequest('Bucket is missing Object Lock Configuration'),
  bucket_lock_conflict: (_, subject) => new S3Error('InvalidBucketState', { details: bucketDetail(subject) }),
  bucket_replication_conflict: (_, subject) => new S3Error('InvalidBucketState', { details: bucketDetail(subject) }),
  retain_until_in_past: () =>
    invalidArgument('x-amz-object-lock-retain-until-date', 'The retain until date must be in the future!'),
  locked: () => new S3Error('AccessDenied', { message: locked }),
  // Clients repeat a 5xx, which does not help before the operator has acted.
  clock_doubted: (_, _s, error) => new S3Error('AccessDenied', { message: error.message }),
  lock_change_refused: () => new S3Error('AccessDenied', { message: locked }),
  lock_metadata_too_large: ({ limit }) => new S3Error('MetadataTooLarge', { details: { MaxSizeAllowed: limit } }),

  // A client repeats a 5xx without end, and nothing changes until the operator makes room.
  storage_full: () => new S3Error('AccessDenied', { message: 'The storage has no space left' }),
  storage_unavailable: () => tryAgain(),
};

/** The answer to an error of the storage core. */
export function answerStorageError(error: StorageError, subject: ErrorSubject): S3Error {
  // The table's type pairs each code with its details; TypeScript cannot follow that through a lookup.
  const answer = answers[error.code] as (
    details: StorageError['details'],
    subject: ErrorSubject,
    error: StorageError,
  ) => S3Error;
  return answer(error.details, subject, error);
}

/** What went wrong inside is for the log; the caller gets the request id. */
export function internalError(cause: unknown): S3Error {
  return new S3Error('InternalError', { cause });
}

function tryAgain(): S3Error {
  return new S3Error('ServiceUnavailable', { headers: [['Retry-After', '1']] });
}

type Details = Partial<Record<S3ErrorDetail, string>>;

function bucketDetail({ bucketName }: ErrorSubject): Details {
  return bucketName === undefined ? {} : { BucketName: bucketName };
}

/** There is no bucket of that name, or none that the caller may know of. */
export function noSuchBucket(subject: Pick<ErrorSubject, 'bucketName'>): S3Error {
  const { bucketName } = subject;
  return new S3Error('NoSuchBucket', { details: bucketName === undefined ? {} : { BucketName: bucketName } });
}

function noSuchKey({ key, versionId }: ErrorSubject): S3Error {
  const ofKey = key === undefined ? {} : { Key: key };
  return versionId === undefined
    ? new S3Error('NoSuchKey', { details: ofKey })
    : new S3Error('NoSuchVersion', { details: { ...ofKey, VersionId: versionId } });
}

/** There is no unfinished upload of that id in this place. */
export function noSuchUpload({ uploadId }: Pick<ErrorSubject, 'uploadId'>): S3Error {
  return new S3Error('NoSuchUpload', { details: uploadId === undefined ? {} : { UploadId: uploadId } });
}

function invalidPart(partNumber: number, { uploadId }: ErrorSubject): S3Error {
  const ofUpload = uploadId === undefined ? {} : { UploadId: uploadId };
  return new S3Error('InvalidPart', { details: { PartNumber: partNumber, ...ofUpload } });
}
