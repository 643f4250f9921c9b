import { algorithm, CustomerKey, type CustomerKeyNames } from './customer-key.ts';
import { readOnce, type HeaderField, type HeaderLookup } from './header-lookup.ts';
import { accepted, refused, type SseResult } from './result.ts';
import type { EncryptionRequest, EncryptionView } from './settings.ts';

/** Header names of the B2 Native API (B2 docs `b2_upload_file`, `b2_upload_part`, `b2_download_file_by_id`). */
export const b2SseHeaders = {
  encryption: 'X-Bz-Server-Side-Encryption',
  algorithm: 'X-Bz-Server-Side-Encryption-Customer-Algorithm',
  key: 'X-Bz-Server-Side-Encryption-Customer-Key',
  md5: 'X-Bz-Server-Side-Encryption-Customer-Key-Md5',
} as const;

const customerNames: CustomerKeyNames = b2SseHeaders;

/** The setting in the headers of an upload of a file or a part; undefined if there is none. */
export function parseB2UploadHeaders(get: HeaderLookup): SseResult<EncryptionRequest | undefined> {
  const read = readOnce(get, b2SseHeaders);
  if (!read.ok) return read;
  const { encryption, ...customer } = read.value;
  const hasCustomer = Object.values(customer).some((value) => value !== undefined);
  if (encryption !== undefined && hasCustomer) return refused('conflicting_modes', b2SseHeaders.encryption);
  if (hasCustomer) return customerSetting(customer);
  if (encryption === undefined) return accepted(undefined);
  // The header carries the algorithm: `SSE-B2` and `NONE` are refused by the real service as well.
  return encryption === algorithm
    ? accepted({ mode: 'SSE-B2' })
    : refused('unsupported_algorithm', b2SseHeaders.encryption);
}

/**
 * The customer key in the headers of a download; undefined if there is none. `X-Bz-Server-Side-Encryption` asks for nothing here
 * and is ignored, because b2sdk sends it with downloads of SSE-B2 files.
 */
export function parseB2DownloadHeaders(get: HeaderLookup): SseResult<EncryptionRequest | undefined> {
  const { algorithm: algorithmName, key, md5 } = b2SseHeaders;
  const read = readOnce(get, { algorithm: algorithmName, key, md5 });
  if (!read.ok) return read;
  const hasCustomer = Object.values(read.value).some((value) => value !== undefined);
  return hasCustomer ? customerSetting(read.value) : accepted(undefined);
}

function customerSetting(fields: Parameters<typeof CustomerKey.parse>[0]): SseResult<EncryptionRequest> {
  const key = CustomerKey.parse(fields, customerNames);
  return key.ok ? accepted({ mode: 'SSE-C', customerKey: key.value }) : key;
}

/** The headers with which a client asks for `setting`. They hold the key in clear: send them, do not keep them. */
export function printB2UploadHeaders(setting: EncryptionRequest | undefined): HeaderField[] {
  if (setting?.mode === 'SSE-B2') return [{ name: b2SseHeaders.encryption, value: algorithm }];
  if (setting?.mode !== 'SSE-C') return [];
  const { customerKey } = setting;
  return [
    { name: b2SseHeaders.algorithm, value: algorithm },
    { name: b2SseHeaders.key, value: customerKey.exposeBase64((text) => text) },
    { name: b2SseHeaders.md5, value: customerKey.md5Base64 },
  ];
}

/** The headers of a download's response. */
export function printB2ResponseHeaders(view: EncryptionView): HeaderField[] {
  if (view.mode === 'none') return [];
  if (view.mode === 'SSE-B2') return [{ name: b2SseHeaders.encryption, value: algorithm }];
  const named = [{ name: b2SseHeaders.algorithm, value: algorithm }];
  if (view.customerKeyMd5 === undefined) return named;
  return [...named, { name: b2SseHeaders.md5, value: view.customerKeyMd5 }];
}

/** What the headers of a download's response tell; for clients. */
export function parseB2ResponseHeaders(get: HeaderLookup): SseResult<EncryptionView> {
  const read = readOnce(get, b2SseHeaders);
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
