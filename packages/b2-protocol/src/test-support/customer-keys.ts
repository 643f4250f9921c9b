import { encodeBase64, encodeHex } from '@coffer/bytes';
import { CustomerKey, printB2Setting, printB2UploadHeaders } from '@coffer/sse-schema';

/** A customer key as a client has it: in the headers and in the JSON of its requests. */
export interface TestCustomerKey {
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
  readonly md5: string;
  /** What no answer may hold. */
  readonly secrets: readonly string[];
}

/** The key of 32 bytes `fill`. */
export function customerKey(fill: number): TestCustomerKey {
  return customerKeyOf(new Uint8Array(32).fill(fill));
}

/** The key of these 32 bytes. */
export function customerKeyOf(bytes: Uint8Array): TestCustomerKey {
  const key = CustomerKey.fromBytes(bytes);
  const setting = { mode: 'SSE-C', customerKey: key } as const;
  return {
    headers: Object.fromEntries(printB2UploadHeaders(setting)),
    json: printB2Setting(setting),
    md5: key.md5Base64,
    secrets: [encodeBase64(bytes), encodeHex(bytes)],
  };
}

export const sseB2Headers = { 'X-Bz-Server-Side-Encryption': 'AES256' } as const;
export const sseB2Json = { mode: 'SSE-B2', algorithm: 'AES256' } as const;
