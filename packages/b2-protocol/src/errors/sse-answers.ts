import type { SseViolation } from '@coffer/sse-schema';
import type { B2ErrorCode } from '@coffer/b2-schema';

/**
 * The error code of each broken rule of server-side encryption (B2 docs "Server-Side Encryption"). The rules of S3 do
 * not occur here; they have a code because the table is total.
 */
export const sseErrorCodes: Readonly<Record<SseViolation, B2ErrorCode>> = {
  malformed_setting: 'bad_request',
  unknown_parameter: 'bad_request',
  duplicate_parameter: 'bad_request',
  unsupported_mode: 'bad_request',
  unsupported_algorithm: 'bad_request',
  conflicting_modes: 'bad_request',
  incomplete_customer_key: 'bad_request',
  malformed_customer_key: 'bad_request',
  malformed_customer_key_md5: 'bad_request',
  customer_key_md5_mismatch: 'bad_request',
  customer_key_not_allowed: 'bad_request',
  insecure_transport: 'bad_request',
  customer_key_required: 'bad_request',
  customer_key_wrong: 'access_denied',
  not_customer_encrypted: 'bad_request',
  part_customer_key_required: 'bad_request',
  customer_key_mismatch: 'bad_request',
  part_encryption_mismatch: 'bad_request',
  encryption_header_on_read: 'bad_request',
  kms_not_supported: 'bad_request',
  kms_parameter_not_applicable: 'bad_request',
  malformed_bucket_encryption: 'bad_request',
  blocked_encryption_not_supported: 'bad_request',
};
