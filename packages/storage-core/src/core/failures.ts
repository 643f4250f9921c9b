import type { SseViolation } from '@coffer/sse-schema';
import { violationMessage } from '@coffer/sse-schema';
import type { ChecksumAlgorithm } from '@coffer/storage-ports';
import type { ClockDoubt } from '../services/clock-service.ts';
import type { FilePart } from '../services/file-service.ts';
import { StorageError } from '../services/storage-error.ts';

const checksumTexts: Readonly<Partial<Record<string, string>>> = { 'SHA-1': 'Sha1', MD5: 'Md5' };

/**
 * The core's errors with their texts, so that one situation always reads the same. Texts that clients match on are
 * B2's.
 */
export const failures = {
  badCredentials: () => new StorageError('bad_credentials', 'The application key id or its secret is wrong', {}),
  tokenInvalid: () => new StorageError('token_invalid', 'The token is not valid here', {}),
  tokenExpired: () => new StorageError('token_expired', 'The token has expired', {}),
  applicationKeyMissing: (applicationKeyId: string) =>
    new StorageError('application_key_missing', `application key does not exist: ${applicationKeyId}`, {
      applicationKeyId,
    }),
  outsidePrefix: () => new StorageError('outside_prefix', 'That is outside of the name prefix of the key', {}),
  invalid: (field: string, message: string) => new StorageError('invalid', message, { field }),

  bucketMissing: (bucketId: string) =>
    new StorageError('bucket_missing', `Bucket ${bucketId} does not exist`, { bucketId }),
  bucketNameMissing: (bucketName: string) =>
    new StorageError('bucket_name_missing', `Bucket ${bucketName} does not exist`, { bucketName }),
  bucketNameTaken: () => new StorageError('bucket_name_taken', 'Bucket name is already in use.', {}),
  tooManyBuckets: (limit: number) =>
    new StorageError('too_many_buckets', `An account has at most ${limit} buckets`, { limit }),
  bucketNotEmpty: () => new StorageError('bucket_not_empty', 'Cannot delete non-empty bucket', {}),
  bucketRevisionMismatch: () =>
    new StorageError('bucket_revision_mismatch', 'The bucket was changed since that revision', {}),

  fileMissing: () => new StorageError('file_missing', 'File not present', {}),
  fileClosed: () => new StorageError('file_closed', 'The file was closed', {}),
  fileNotPresent: (name: string, fileId: string) =>
    new StorageError('file_not_present', `File not present: ${name} ${fileId}`, { name, fileId }),
  conditionFailed: (found: 'absent' | 'present' | 'newer') =>
    new StorageError('condition_failed', 'The current version is not the one that was asked for', { found }),
  nameMissing: (name: string) => new StorageError('name_missing', `File not present: ${name}`, { name }),
  alreadyHidden: (name: string) => new StorageError('already_hidden', `File already hidden: ${name}`, { name }),
  noActiveUpload: (fileId: string) =>
    new StorageError('no_active_upload', `No active upload for: ${fileId}`, { fileId }),
  partMissing: (partNumber: number) =>
    new StorageError('part_missing', `Part number ${partNumber} has not been uploaded`, { partNumber }),
  partSha1Mismatch: (partNumber: number) =>
    new StorageError('part_sha1_mismatch', `Part number ${partNumber} has another SHA-1`, { partNumber }),
  tooFewParts: () => new StorageError('too_few_parts', 'large files must have at least 2 parts', {}),
  partTooSmall: (
    { partNumber, size, entityTag }: Pick<FilePart, 'partNumber' | 'size' | 'entityTag'>,
    minimum: number,
  ) =>
    new StorageError('part_too_small', `Part number ${partNumber} is smaller than ${minimum} bytes`, {
      partNumber,
      minimum,
      size,
      entityTag,
    }),
  partTagMismatch: (partNumber: number) =>
    new StorageError('part_tag_mismatch', `Part number ${partNumber} has another entity tag`, { partNumber }),
  partChecksumMismatch: (partNumber: number) =>
    new StorageError('part_checksum_mismatch', `Part number ${partNumber} has another checksum`, { partNumber }),
  partChecksumMissing: (partNumber: number) =>
    new StorageError('part_checksum_missing', `The checksum of part number ${partNumber} is missing`, { partNumber }),
  sizeMismatch: (expected: number, actual: number) =>
    new StorageError('size_mismatch', `The parts have ${actual} bytes together, not ${expected}`, { expected, actual }),

  tooManySnapshots: (limit: number) =>
    new StorageError('too_many_snapshots', `An account has at most ${limit} snapshots that are not yet made`, {
      limit,
    }),
  requestIdTaken: (requestId: string) =>
    new StorageError('request_id_taken', 'Another snapshot was asked for with this requestId', { requestId }),
  snapshotUnfinished: (snapshotId: string) =>
    new StorageError(
      'snapshot_unfinished',
      'This large file is a snapshot that the server is making: it can be cancelled, but not written to or finished',
      { snapshotId },
    ),
  checksumMismatch: (algorithm: 'SHA-1' | 'MD5' | ChecksumAlgorithm) =>
    new StorageError('checksum_mismatch', `${checksumTexts[algorithm] ?? algorithm} did not match data received`, {
      algorithm,
    }),
  trailingSha1Malformed: (received: string) =>
    new StorageError('trailing_sha1_malformed', `Not a valid hex SHA1: ${received}`, { received }),
  bodyIncomplete: () => new StorageError('body_incomplete', 'The body ended before its announced length', {}),
  bodyTooLarge: (limit: number) =>
    new StorageError('body_too_large', `The data is larger than ${limit} bytes`, { limit }),
  metadataTooLarge: (limit: number) =>
    new StorageError('metadata_too_large', `File name and file info together exceed ${limit} bytes`, { limit }),
  rangeNotSatisfiable: (size: number) =>
    new StorageError('range_not_satisfiable', 'The range is not within the file', { size }),
  copySourceTooLarge: (size: number) =>
    new StorageError('copy_source_too_large', `Copy source too big: ${size}`, { size }),
  customTimestampNotAllowed: () =>
    new StorageError('custom_timestamp_not_allowed', 'Custom upload timestamps are not enabled', {}),
  customTimestampInvalid: () =>
    new StorageError(
      'custom_timestamp_invalid',
      'A custom upload timestamp is milliseconds since the epoch, not in the future',
      {},
    ),

  sse: (violation: SseViolation) => new StorageError('sse_violation', violationMessage(violation), { violation }),
  customerKeysBlocked: (bucketId: string) =>
    new StorageError('customer_keys_blocked', 'The bucket does not accept new files with customer keys', { bucketId }),
  customerKeyWrong: () => new StorageError('customer_key_wrong', violationMessage('customer_key_wrong'), {}),
  integrity: (fileId: string, cause?: unknown) =>
    new StorageError('integrity', 'The stored file is damaged', { fileId }, { cause }),
  recordDamaged: (table: string, key: Uint8Array, cause?: unknown) =>
    new StorageError('record_damaged', `A stored record of ${table} is not what was stored`, { table, key }, { cause }),

  bucketLockMissing: () => new StorageError('bucket_lock_missing', 'The bucket is not file lock enabled', {}),
  bucketLockConflict: () =>
    new StorageError('bucket_lock_conflict', 'File lock cannot be disabled once it is enabled', {}),
  bucketReplicationConflict: () =>
    new StorageError('bucket_replication_conflict', 'File lock cannot be enabled for a bucket that is replicated', {}),
  retainUntilInPast: () => new StorageError('retain_until_in_past', 'The retainUntilTimestamp must be in future', {}),
  lockChangeRefused: () => new StorageError('lock_change_refused', 'Access Denied', {}),
  lockMetadataTooLarge: (limit: number) =>
    new StorageError(
      'lock_metadata_too_large',
      `File name and file info of a file with a lock must not exceed ${limit} bytes together`,
      { limit },
    ),
  clockDoubted: (doubt: ClockDoubt) =>
    new StorageError('clock_doubted', 'The server cannot tell the time until its operator has confirmed the clock', {
      doubt,
    }),
  locked: () => new StorageError('locked', 'Access Denied', {}),

  storageFull: (cause: unknown) => new StorageError('storage_full', 'The storage has no space left', {}, { cause }),
  storageUnavailable: (cause: unknown) =>
    new StorageError('storage_unavailable', 'The storage is not available at the moment', {}, { cause }),
  keyUnavailable: (cause: unknown) =>
    new StorageError('storage_unavailable', 'A server key that is needed is not available', {}, { cause }),
} as const;
