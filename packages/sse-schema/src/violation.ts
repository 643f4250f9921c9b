/**
 * The rules of server-side encryption that a request can break, as one closed set. A protocol maps each of them once to
 * its own status and error code.
 *
 * Sources: B2 docs "Server-Side Encryption" and the page of each operation; AWS docs "Using server-side encryption with
 * customer-provided keys (SSE-C)" and `PutBucketEncryption`.
 */
export const sseViolations = [
  /** A setting is no object, or a member has the wrong type. */
  'malformed_setting',
  /** A setting has a member, or a document an element, that is not defined. */
  'unknown_parameter',
  /** A header came more than once. */
  'duplicate_parameter',
  /** A mode that does not exist, or no mode. */
  'unsupported_mode',
  /** An algorithm other than `AES256`, of either family. */
  'unsupported_algorithm',
  /** Two ways of encrypting were asked for at once. */
  'conflicting_modes',
  /** Only some of algorithm, key and MD5 were given; the error's `field` names the first that is missing. */
  'incomplete_customer_key',
  /** The key is not base64, or not of 32 bytes. */
  'malformed_customer_key',
  /** The MD5 is not base64, or not of 16 bytes. */
  'malformed_customer_key_md5',
  /** The MD5 is not that of the key. */
  'customer_key_md5_mismatch',
  /** A customer key where none can be: as a bucket default, or beside SSE-B2 or none. */
  'customer_key_not_allowed',
  /** A customer key over a connection that others can read. */
  'insecure_transport',
  /** Reading what is encrypted with a customer key, without one. */
  'customer_key_required',
  /** Reading with a customer key that is not the one. */
  'customer_key_wrong',
  /** Reading with a customer key what is not encrypted with one. */
  'not_customer_encrypted',
  /** A part of a large file that was started with a customer key, without one. */
  'part_customer_key_required',
  /** A part with a customer key that is not the one the large file was started with. */
  'customer_key_mismatch',
  /** A part with an encryption that its large file does not have. */
  'part_encryption_mismatch',
  /** S3 only: a header that asks for encryption on a request that reads. */
  'encryption_header_on_read',
  /** S3 only: encryption through a key management service. */
  'kms_not_supported',
  /** S3 only: a parameter of key management without asking for it. */
  'kms_parameter_not_applicable',
  /** S3 only: a `ServerSideEncryptionConfiguration` that is not well-formed or not valid. */
  'malformed_bucket_encryption',
  /** S3 only: asking that a bucket refuse an encryption type. */
  'blocked_encryption_not_supported',
] as const;

/** The name of a broken rule. */
export type SseViolation = (typeof sseViolations)[number];

/** Clients match on this text: it is the answer to reading an SSE-C file without a key, on both protocols. */
export const customerKeyRequiredMessage =
  'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to ' +
  'retrieve the object.';

const messages: Record<SseViolation, string> = {
  malformed_setting: 'The encryption setting has a wrong shape',
  unknown_parameter: 'The encryption setting has an unknown member',
  duplicate_parameter: 'An encryption parameter must be given once',
  unsupported_mode: 'The encryption mode is not supported',
  unsupported_algorithm: 'The encryption algorithm must be AES256',
  conflicting_modes: 'Only one way of server-side encryption can be asked for at once',
  incomplete_customer_key: 'A customer key needs its algorithm, the key and the MD5 of the key together',
  malformed_customer_key: 'The customer key must be the base64 of exactly 32 bytes',
  malformed_customer_key_md5: 'The MD5 of the customer key must be the base64 of exactly 16 bytes',
  customer_key_md5_mismatch: 'The MD5 given with the customer key is not the MD5 of that key',
  customer_key_not_allowed: 'A customer key cannot be used here',
  insecure_transport: 'A customer key must be sent over a secure connection',
  customer_key_required: customerKeyRequiredMessage,
  customer_key_wrong: 'The provided customer-managed encryption key is wrong.',
  not_customer_encrypted: 'The encryption parameters are not applicable to this object.',
  part_customer_key_required:
    'The large file was started with a customer key; each part must be sent with the same key',
  customer_key_mismatch: 'The customer key is not the one that the large file was started with',
  part_encryption_mismatch: 'The encryption parameters differ from those that the large file was started with',
  encryption_header_on_read: 'A request that reads cannot ask for an encryption',
  kms_not_supported: 'Server side encryption with KMS is not supported',
  kms_parameter_not_applicable: 'Key management parameters need the encryption method aws:kms',
  malformed_bucket_encryption:
    'The XML you provided was not well-formed or did not validate against our published schema',
  blocked_encryption_not_supported: 'Blocking an encryption type is not supported',
};

/** What a violation says. Names of fields are added by {@link SseViolationError}; values never are. */
export function violationMessage(violation: SseViolation): string {
  return messages[violation];
}

/** A broken rule of server-side encryption. Its message names the field, if there is one, and never a value. */
export class SseViolationError extends Error {
  override readonly name = 'SseViolationError';
  readonly code: SseViolation;
  /** The header or member at fault, as the protocol spells it. */
  readonly field: string | undefined;

  constructor(code: SseViolation, field?: string) {
    super(textOf(code, field));
    this.code = code;
    this.field = field;
  }
}

function textOf(code: SseViolation, field: string | undefined): string {
  // The text that clients match on stays as it is.
  if (field === undefined || code === 'customer_key_required') return messages[code];
  return `${messages[code]} (${field})`;
}
