import { algorithm, CustomerKey, type CustomerKeyFields, type CustomerKeyNames } from './customer-key.ts';
import { readOnce, type HeaderPair, type HeaderSource } from './header-lookup.ts';
import { accepted, refused, type SseResult } from './result.ts';
import type { EncryptionRequest, EncryptionView } from './settings.ts';
import { hasCustomerKey, printCustomer, printView } from './sse-headers.ts';

/** Header names of the B2 Native API (B2 docs `b2_upload_file`, `b2_upload_part`, `b2_download_file_by_id`). */
export const b2SseHeaders = {
  encryption: 'X-Bz-Server-Side-Encryption',
  algorithm: 'X-Bz-Server-Side-Encryption-Customer-Algorithm',
  key: 'X-Bz-Server-Side-Encryption-Customer-Key',
  md5: 'X-Bz-Server-Side-Encryption-Customer-Key-Md5',
} as const;

const customerNames: CustomerKeyNames = b2SseHeaders;

/**
 * The setting in the headers of an upload of a file or a part; undefined if there is none.
 *
 * @example
 * ```ts
 * const read = parseB2UploadHeaders(new Headers({ 'X-Bz-Server-Side-Encryption': 'AES256' }));
 * assert.deepEqual(read.ok && read.value, { mode: 'SSE-B2' });
 * ```
 */
export function parseB2UploadHeaders(headers: HeaderSource): SseResult<EncryptionRequest | undefined> {
  const read = readOnce(headers, b2SseHeaders);
  if (!read.ok) return read;
  const { encryption, ...customer } = read.value;
  if (hasCustomerKey(customer)) {
    if (encryption !== undefined) return refused('conflicting_modes', b2SseHeaders.encryption);
    return customerSetting(customer);
  }
  if (encryption === undefined) return accepted(undefined);
  // The header carries the algorithm: `SSE-B2` and `NONE` are refused by the real service as well.
  return encryption === algorithm
    ? accepted({ mode: 'SSE-B2' })
    : refused('unsupported_algorithm', b2SseHeaders.encryption);
}

/**
 * The customer key in the headers of a download; undefined if there is none. `X-Bz-Server-Side-Encryption` asks for
 * nothing here and is ignored, because b2sdk sends it with downloads of SSE-B2 files.
 */
export function parseB2DownloadHeaders(headers: HeaderSource): SseResult<EncryptionRequest | undefined> {
  const { algorithm: algorithmName, key, md5 } = b2SseHeaders;
  const read = readOnce(headers, { algorithm: algorithmName, key, md5 });
  if (!read.ok) return read;
  return hasCustomerKey(read.value) ? customerSetting(read.value) : accepted(undefined);
}

function customerSetting(fields: CustomerKeyFields): SseResult<EncryptionRequest> {
  const key = CustomerKey.parse(fields, customerNames);
  return key.ok ? accepted({ mode: 'SSE-C', customerKey: key.value }) : key;
}

/**
 * The headers with which a client asks for `setting`. They hold the key in clear: send them, do not keep them.
 *
 * @example
 * ```ts
 * const headers = new Headers(printB2UploadHeaders({ mode: 'SSE-B2' }));
 * assert.equal(headers.get('X-Bz-Server-Side-Encryption'), 'AES256');
 * ```
 */
export function printB2UploadHeaders(setting: EncryptionRequest | undefined): HeaderPair[] {
  if (setting?.mode === 'SSE-B2') return [[b2SseHeaders.encryption, algorithm]];
  return setting?.mode === 'SSE-C' ? printCustomer(setting.customerKey, customerNames) : [];
}

/** The headers of a download's response. */
export function printB2ResponseHeaders(view: EncryptionView): HeaderPair[] {
  return printView(view, b2SseHeaders);
}

/** What the headers of a download's response tell; for clients. */
export function parseB2ResponseHeaders(headers: HeaderSource): SseResult<EncryptionView> {
  const read = readOnce(headers, b2SseHeaders);
  if (!read.ok) return read;
  const { encryption, algorithm: customerAlgorithm, md5 } = read.value;
  if (customerAlgorithm !== undefined && encryption !== undefined) return refused('conflicting_modes');
  if (customerAlgorithm !== undefined) {
    if (customerAlgorithm !== algorithm) return refused('unsupported_algorithm', b2SseHeaders.algorithm);
    return accepted(md5 === undefined ? { mode: 'SSE-C' } : { mode: 'SSE-C', customerKeyMd5: md5 });
  }
  if (encryption === undefined) return accepted({ mode: 'none' });
  return encryption === algorithm
    ? accepted({ mode: 'SSE-B2' })
    : refused('unsupported_algorithm', b2SseHeaders.encryption);
}
