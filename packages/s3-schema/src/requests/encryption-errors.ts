import { s3CopySourceSseHeaders, s3SseHeaders, type SseViolation } from '@coffer/sse-schema';
import type { S3ErrorCode } from '../values/error-codes.ts';
import { S3Error } from '../values/s3-error.ts';

const prefix = 'Requests specifying Server Side Encryption with Customer provided keys must';
const badMd5 = 'The calculated MD5 hash of the key did not match the hash that was provided.';
const partWithoutKey =
  'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate ' +
  'encryption parameters.';
const otherKey = 'The provided encryption parameters did not match the ones used originally.';

/** What AWS says for each violation (AWS docs "SSE-C", and recorded answers); undefined: the text of the code. */
const answers: Readonly<Record<SseViolation, readonly [S3ErrorCode, string?]>> = {
  malformed_setting: ['InvalidRequest'],
  unknown_parameter: ['InvalidRequest'],
  duplicate_parameter: ['InvalidArgument', 'An encryption header must be given once'],
  unsupported_mode: ['InvalidArgument', 'The encryption method specified is not supported'],
  unsupported_algorithm: ['InvalidEncryptionAlgorithmError'],
  conflicting_modes: [
    'InvalidArgument',
    'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
  ],
  incomplete_customer_key: ['InvalidArgument', `${prefix} provide a valid encryption algorithm.`],
  malformed_customer_key: ['InvalidArgument', 'The secret key was invalid for the specified algorithm.'],
  malformed_customer_key_md5: ['InvalidArgument', badMd5],
  customer_key_md5_mismatch: ['InvalidArgument', badMd5],
  customer_key_not_allowed: ['InvalidRequest', 'A customer key cannot be used here'],
  insecure_transport: ['InvalidRequest', `${prefix} be made over a secure connection.`],
  customer_key_required: [
    'InvalidRequest',
    'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to ' +
      'retrieve the object.',
  ],
  customer_key_wrong: ['AccessDenied', `${prefix} provide the correct secret key.`],
  not_customer_encrypted: ['InvalidRequest', 'The encryption parameters are not applicable to this object.'],
  part_customer_key_required: ['InvalidRequest', partWithoutKey],
  customer_key_mismatch: ['InvalidRequest', otherKey],
  part_encryption_mismatch: ['InvalidRequest', partWithoutKey],
  encryption_header_on_read: [
    'InvalidArgument',
    'x-amz-server-side-encryption header is not supported for this operation.',
  ],
  kms_not_supported: ['NotImplemented', 'Server side encryption with KMS is not supported'],
  kms_parameter_not_applicable: [
    'InvalidArgument',
    'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
  ],
  malformed_bucket_encryption: ['MalformedXML'],
  blocked_encryption_not_supported: ['NotImplemented', 'Blocking this encryption type is not supported'],
};

/** Which of the three of a customer key is missing. */
const missing: Readonly<Record<string, string>> = {
  [s3SseHeaders.key]: `${prefix} provide an appropriate secret key.`,
  [s3CopySourceSseHeaders.key]: `${prefix} provide an appropriate secret key.`,
  [s3SseHeaders.md5]: `${prefix} provide the client calculated MD5 of the secret key.`,
  [s3CopySourceSseHeaders.md5]: `${prefix} provide the client calculated MD5 of the secret key.`,
};

/**
 * The error that tells a client of a broken rule of encryption.
 *
 * @param about The header at fault, and a value that may be shown: an encryption or an algorithm, never a key.
 */
export function encryptionError(
  violation: SseViolation,
  about: { readonly field?: string | undefined; readonly value?: string | undefined } = {},
): S3Error {
  const [code, text] = answers[violation];
  const isMissing = violation === 'incomplete_customer_key' && about.field !== undefined;
  const message = (isMissing ? missing[about.field] : undefined) ?? text;
  const value = about.value === undefined ? {} : { ArgumentValue: about.value };
  return new S3Error(code, {
    ...(message === undefined ? {} : { message }),
    details: { ArgumentName: s3SseHeaders.encryption, ...value },
  });
}
