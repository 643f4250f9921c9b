import { algorithm, CustomerKey, type CustomerKeyFields, type CustomerKeyNames } from './customer-key.ts';
import { lookupIn, readOnce, type HeaderPair, type HeaderSource } from './header-lookup.ts';
import { accepted, refused, type SseResult } from './result.ts';
import { wipeEncryption, type EncryptionRequest, type EncryptionView } from './settings.ts';
import { hasCustomerKey, printCustomer, printView } from './sse-headers.ts';

/** Header names of S3 (AWS docs `PutObject`, `GetObject`). */
export const s3SseHeaders = {
  encryption: 'x-amz-server-side-encryption',
  algorithm: 'x-amz-server-side-encryption-customer-algorithm',
  key: 'x-amz-server-side-encryption-customer-key',
  md5: 'x-amz-server-side-encryption-customer-key-MD5',
  kmsKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  kmsContext: 'x-amz-server-side-encryption-context',
} as const;

/** The same for the source of a copy (AWS docs `CopyObject`, `UploadPartCopy`). */
export const s3CopySourceSseHeaders = {
  algorithm: 'x-amz-copy-source-server-side-encryption-customer-algorithm',
  key: 'x-amz-copy-source-server-side-encryption-customer-key',
  md5: 'x-amz-copy-source-server-side-encryption-customer-key-MD5',
} as const;

const customerNames = { algorithm: s3SseHeaders.algorithm, key: s3SseHeaders.key, md5: s3SseHeaders.md5 };
const kmsMethods: readonly string[] = ['aws:kms', 'aws:kms:dsse'];

/**
 * The setting in the headers of a request that writes: an object, a multipart upload or a part, the target of a copy.
 *
 * Checked in the order in which AWS answers: both families, the customer key, parameters of key management, the method.
 */
export function parseS3WriteHeaders(headers: HeaderSource): SseResult<EncryptionRequest | undefined> {
  const read = readOnce(headers, s3SseHeaders);
  if (!read.ok) return read;
  const { encryption, kmsKeyId, kmsContext, ...customer } = read.value;
  if (hasCustomerKey(customer)) {
    if (encryption !== undefined) return refused('conflicting_modes', s3SseHeaders.encryption);
    const setting = customerSetting(customer, customerNames);
    const superfluous = kmsParameter({ kmsKeyId, kmsContext });
    if (!setting.ok || superfluous === undefined) return setting;
    wipeEncryption(setting.value);
    return refused('kms_parameter_not_applicable', superfluous);
  }
  const isKms = encryption !== undefined && kmsMethods.includes(encryption);
  const parameter = kmsParameter({ kmsKeyId, kmsContext });
  if (parameter !== undefined && !isKms) return refused('kms_parameter_not_applicable', parameter);
  if (isKms) return refused('kms_not_supported', s3SseHeaders.encryption);
  if (encryption === undefined) return accepted(undefined);
  return encryption === algorithm ? accepted({ mode: 'SSE-B2' }) : refused('unsupported_mode', s3SseHeaders.encryption);
}

/** The name of a parameter of key management that a request has; undefined if it has none. */
function kmsParameter(given: Readonly<Record<'kmsKeyId' | 'kmsContext', string | undefined>>): string | undefined {
  if (given.kmsKeyId !== undefined) return s3SseHeaders.kmsKeyId;
  return given.kmsContext === undefined ? undefined : s3SseHeaders.kmsContext;
}

/** The customer key in the headers of a request that reads; asking such a request for an encryption is refused. */
export function parseS3ReadHeaders(headers: HeaderSource): SseResult<EncryptionRequest | undefined> {
  const get = lookupIn(headers);
  if (get(s3SseHeaders.encryption).length > 0) return refused('encryption_header_on_read', s3SseHeaders.encryption);
  return parseCustomer(get, customerNames);
}

/** The customer key for the source of a copy. */
export function parseS3CopySourceHeaders(headers: HeaderSource): SseResult<EncryptionRequest | undefined> {
  return parseCustomer(headers, s3CopySourceSseHeaders);
}

function parseCustomer(headers: HeaderSource, names: CustomerKeyNames): SseResult<EncryptionRequest | undefined> {
  const read = readOnce(headers, { algorithm: names.algorithm, key: names.key, md5: names.md5 });
  if (!read.ok) return read;
  return hasCustomerKey(read.value) ? customerSetting(read.value, names) : accepted(undefined);
}

/** S3 treats an empty value as an absent one, and wants full base64. */
function customerSetting(customer: CustomerKeyFields, names: CustomerKeyNames): SseResult<EncryptionRequest> {
  const fields = {
    algorithm: nonEmpty(customer.algorithm),
    key: nonEmpty(customer.key),
    md5: nonEmpty(customer.md5),
  };
  const key = CustomerKey.parse(fields, names, { padding: 'required' });
  return key.ok ? accepted({ mode: 'SSE-C', customerKey: key.value }) : key;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** The headers with which a client asks for `setting`. They hold the key in clear: send them, do not keep them. */
export function printS3WriteHeaders(setting: EncryptionRequest | undefined): HeaderPair[] {
  if (setting?.mode === 'SSE-B2') return [[s3SseHeaders.encryption, algorithm]];
  return setting?.mode === 'SSE-C' ? printCustomer(setting.customerKey, customerNames) : [];
}

/** The headers with which a client reads what is stored under a customer key. They hold the key in clear. */
export function printS3ReadHeaders(setting: EncryptionRequest | undefined): HeaderPair[] {
  return setting?.mode === 'SSE-C' ? printCustomer(setting.customerKey, customerNames) : [];
}

/** The headers with which a client opens the source of a copy. They hold the key in clear. */
export function printS3CopySourceHeaders(setting: EncryptionRequest | undefined): HeaderPair[] {
  return setting?.mode === 'SSE-C' ? printCustomer(setting.customerKey, s3CopySourceSseHeaders) : [];
}

/** The headers of a response. */
export function printS3ResponseHeaders(view: EncryptionView): HeaderPair[] {
  return printView(view, s3SseHeaders);
}
