/**
 * Every error code of the B2 Native API with the HTTP statuses it comes with (B2 docs "Calling the API" and the page of
 * each operation). Of two, the first is the usual one.
 */
export const b2ErrorCodes = {
  bad_request: [400],
  bad_json: [400],
  bad_bucket_id: [400],
  duplicate_bucket_name: [400],
  too_many_buckets: [400],
  cannot_delete_non_empty_bucket: [400],
  no_such_file: [400],
  already_hidden: [400],
  file_not_present: [400],
  missing_part: [400],
  part_sha1_mismatch: [400],
  auth_token_limit: [400],
  source_too_large: [400],
  out_of_range: [400],
  invalid_bucket_id: [400],
  invalid_file_id: [400],
  bucket_missing_file_lock: [400],
  retain_until_timestamp_must_be_in_future: [400],
  file_lock_conflict: [400],
  source_replication_conflict: [400],
  restricted_bucket_conflict: [400],
  metadata_exceeded: [400],
  event_type_categories: [400],
  event_type_overlap: [400],
  event_types_empty: [400],
  event_type_invalid: [400],
  custom_timestamp_not_allowed: [400],
  custom_timestamp_invalid: [400],
  missing_auth_token: [401],
  bad_auth_token: [401],
  expired_auth_token: [401],
  unauthorized: [401],
  unsupported: [401],
  email_not_verified: [401],
  no_payment_history: [401],
  /** 403 for a wrong customer key or a refused retention; 401 for deleting a locked version. */
  access_denied: [403, 401],
  cap_exceeded: [403],
  storage_cap_exceeded: [403],
  download_cap_exceeded: [403],
  transaction_cap_exceeded: [403],
  not_found: [404],
  method_not_allowed: [405],
  request_timeout: [408],
  conflict: [409],
  range_not_satisfiable: [416],
  too_many_requests: [429],
  internal_error: [500],
  service_unavailable: [503],
} as const satisfies Record<string, readonly [number, ...number[]]>;

/** The `code` of an error. */
export type B2ErrorCode = keyof typeof b2ErrorCodes;

/** The usual HTTP status of a code. */
export function statusOf(code: B2ErrorCode): number {
  return b2ErrorCodes[code][0];
}

/** Whether the service has an error of this code. */
export function isB2ErrorCode(code: string): code is B2ErrorCode {
  return Object.hasOwn(b2ErrorCodes, code);
}

/** What any call with an account token may answer. */
const commonErrors = [
  'bad_request',
  'bad_json',
  'missing_auth_token',
  'bad_auth_token',
  'expired_auth_token',
  'unauthorized',
  'transaction_cap_exceeded',
  'method_not_allowed',
  'too_many_requests',
  'internal_error',
  'service_unavailable',
] as const satisfies readonly B2ErrorCode[];

/** The common errors and `own`: the errors of a row. */
export function mayAnswer<const Own extends readonly B2ErrorCode[]>(
  ...own: Own
): readonly [...typeof commonErrors, ...Own] {
  return [...commonErrors, ...own];
}
