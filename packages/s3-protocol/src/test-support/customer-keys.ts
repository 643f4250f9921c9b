import { encodeBase64, encodeHex } from '@coffer/bytes';
import { createHash } from 'node:crypto';

/** A customer key as a client has it: in the headers of its requests. */
export interface TestCustomerKey {
  readonly headers: Readonly<Record<string, string>>;
  /** Of the source of a copy. */
  readonly sourceHeaders: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly md5: string;
  /** What no answer may hold. */
  readonly secrets: readonly string[];
}

/** The key of that number. Its bytes are as mixed as those of a real key, so that a search for them finds no others. */
export function customerKey(number: number): TestCustomerKey {
  const bytes = createHash('sha256').update(`customer key ${number}`).digest();
  const md5 = createHash('md5').update(bytes).digest('base64');
  const named = (prefix: string) => ({
    [`${prefix}-algorithm`]: 'AES256',
    [`${prefix}-key`]: encodeBase64(bytes),
    [`${prefix}-key-MD5`]: md5,
  });
  return {
    headers: named('x-amz-server-side-encryption-customer'),
    sourceHeaders: named('x-amz-copy-source-server-side-encryption-customer'),
    bytes,
    md5,
    secrets: [encodeBase64(bytes), encodeHex(bytes)],
  };
}

/** Asks for SSE-B2, which S3 calls SSE-S3. */
export const sseS3 = { 'x-amz-server-side-encryption': 'AES256' } as const;
