import { unsatisfiedContentRange } from '@coffer/http';
import { violationMessage, type SseViolation } from '@coffer/sse-schema';
import type { StorageError, StorageErrorCode, StorageErrorDetails } from '@coffer/storage-core';
import { B2Error, badRequest, notFound, unauthorized } from './b2-error.ts';
import { sseErrorCodes } from './sse-answers.ts';

type Answer<Code extends StorageErrorCode> = (details: StorageErrorDetails[Code], error: StorageError<Code>) => B2Error;

/**
 * What each error of the storage core is to a B2 client. Texts are the service's where clients match on them (b2sdk and
 * the B2 CLI by regular expression or word, blazer by prefix).
 */
const answers: { readonly [Code in StorageErrorCode]: Answer<Code> } = {
  bad_credentials: () =>
    new B2Error('unauthorized', 'The application key id or the application key is wrong', {
      headers: [['WWW-Authenticate', 'BASIC realm="authorize_account"']],
    }),
  token_invalid: () => new B2Error('bad_auth_token', 'Invalid authorization token'),
  token_expired: () => new B2Error('expired_auth_token', 'Authorization token has expired'),
  application_key_missing: ({ applicationKeyId }) => badRequest(`application key does not exist: ${applicationKeyId}`),
  // b2sdk says to which prefix the key is restricted only where the message is empty.
  outside_prefix: () => unauthorized(),
  invalid: (_, error) => badRequest(error.message),

  bucket_missing: ({ bucketId }) => new B2Error('bad_bucket_id', `Bucket ${bucketId} does not exist`),
  bucket_name_missing: ({ bucketName }) => notFound(`Bucket ${bucketName} does not exist`),
  bucket_name_taken: () => new B2Error('duplicate_bucket_name', 'Bucket name is already in use.'),
  too_many_buckets: ({ limit }) => new B2Error('too_many_buckets', `An account has no more than ${limit} buckets`),
  bucket_not_empty: () => new B2Error('cannot_delete_non_empty_bucket', 'Cannot delete non-empty bucket'),
  bucket_revision_mismatch: () => new B2Error('conflict', 'simultaneous updates to bucket'),

  file_missing: () => notFound(),
  file_not_present: ({ name, fileId }) => new B2Error('file_not_present', `File not present: ${name} ${fileId}`),
  // No B2 operation asks for it.
  condition_failed: (_, error) => internalError(error),
  name_missing: ({ name }) => new B2Error('no_such_file', `File not present: ${name}`),
  already_hidden: ({ name }) => new B2Error('already_hidden', `File already hidden: ${name}`),
  no_active_upload: ({ fileId }) => badRequest(`No active upload for: ${fileId}`),
  part_missing: ({ partNumber }) => new B2Error('missing_part', `Part number ${partNumber} has not been uploaded`),
  part_sha1_mismatch: ({ partNumber }) =>
    new B2Error('part_sha1_mismatch', `Part number ${partNumber} has different Sha1 value`),
  // No B2 operation finishes a large file by the tags and checksums of its parts, or by its size.
  part_tag_mismatch: (_, error) => badRequest(error.message),
  part_checksum_mismatch: (_, error) => badRequest(error.message),
  part_checksum_missing: (_, error) => badRequest(error.message),
  size_mismatch: (_, error) => badRequest(error.message),
  too_few_parts: () => badRequest('large files must have at least 2 parts'),
  part_too_small: ({ partNumber, minimum }) => badRequest(`Part number ${partNumber} is smaller than ${minimum} bytes`),

  checksum_mismatch: ({ algorithm }) =>
    badRequest(`${algorithm === 'SHA-1' ? 'Sha1' : algorithm} did not match data received`),
  trailing_sha1_malformed: ({ received }) => badRequest(`Not a valid hex SHA1: ${received}`),
  body_incomplete: () => badRequest('The body is shorter than its Content-Length'),
  body_too_large: ({ limit }) => badRequest(`The body must be no more than ${limit} bytes`),
  metadata_too_large: ({ limit }) => badRequest(`File name and file info must be no more than ${limit} bytes together`),
  file_closed: (_, error) => internalError(error),
  range_not_satisfiable: ({ size }) =>
    new B2Error('range_not_satisfiable', 'The requested range is not within the file', {
      headers: [['Content-Range', unsatisfiedContentRange(size)]],
    }),
  copy_source_too_large: ({ size }) => new B2Error('source_too_large', `Copy source too big: ${size}`),
  custom_timestamp_not_allowed: () =>
    new B2Error('custom_timestamp_not_allowed', 'Custom upload timestamps are not enabled on this server'),
  custom_timestamp_invalid: () =>
    new B2Error('custom_timestamp_invalid', 'The custom upload timestamp must not be in the future'),

  too_many_snapshots: (_, error) => new B2Error('conflict', error.message),
  request_id_taken: (_, error) => new B2Error('conflict', error.message),
  snapshot_unfinished: (_, error) => new B2Error('access_denied', error.message, { status: 403 }),
  snapshot_missing: (_, error) => notFound(error.message),
  snapshot_ended: (_, error) => new B2Error('conflict', error.message),

  sse_violation: ({ violation }, error) => new B2Error(sseErrorCodes[violation], violationText(violation, error)),
  customer_keys_blocked: (_, error) => new B2Error('access_denied', error.message, { status: 403 }),
  customer_key_wrong: () => new B2Error(sseErrorCodes.customer_key_wrong, violationMessage('customer_key_wrong')),
  integrity: (_, error) => internalError(error),
  record_damaged: (_, error) => internalError(error),

  bucket_lock_missing: () => new B2Error('bucket_missing_file_lock', 'The bucket is not file lock enabled'),
  bucket_lock_conflict: () =>
    new B2Error(
      'file_lock_conflict',
      'fileLockEnabled value of false is not allowed when bucket is already file lock enabled.',
    ),
  bucket_replication_conflict: () =>
    new B2Error(
      'source_replication_conflict',
      'Turning on file lock for an existing bucket having source replication configuration is not allowed.',
    ),
  retain_until_in_past: () =>
    new B2Error('retain_until_timestamp_must_be_in_future', 'The retainUntilTimestamp must be in future'),
  // 401, not the usual 403: the B2 CLI expects what b2sdk makes of a 401 with this text when a locked version is
  // deleted.
  locked: () => new B2Error('access_denied', 'Access Denied', { status: 401 }),
  // Clients repeat a 5xx, and authorize anew after a 401; neither helps before the operator has acted.
  clock_doubted: (_, error) => new B2Error('access_denied', error.message, { status: 403 }),
  lock_change_refused: () => new B2Error('access_denied', 'Access Denied', { status: 403 }),
  lock_metadata_too_large: (_, error) => new B2Error('metadata_exceeded', error.message),

  // A client repeats a 5xx without end, and nothing changes until the operator makes room.
  storage_full: () => new B2Error('storage_cap_exceeded', 'The storage has no space left'),
  storage_unavailable: () =>
    new B2Error('service_unavailable', 'The storage is not available, try again', { headers: [['Retry-After', '1']] }),
};

/** The answer to an error of the storage core. */
export function answerStorageError(error: StorageError): B2Error {
  // The table's type pairs each code with its details; TypeScript cannot follow that through a lookup.
  const answer = answers[error.code] as (details: StorageError['details'], error: StorageError) => B2Error;
  return answer(error.details, error);
}

/** What went wrong inside is for the log; the caller gets the request id. */
export function internalError(cause: unknown): B2Error {
  return new B2Error('internal_error', 'An internal error occurred', { cause });
}

function violationText(violation: SseViolation, error: Error): string {
  // Clients match on this text, whatever the core says.
  return violation === 'customer_key_required' ? violationMessage(violation) : error.message;
}
