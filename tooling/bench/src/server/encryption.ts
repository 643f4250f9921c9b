import { createHash, randomBytes } from 'node:crypto';

/** How files are encrypted. SSE-B2 of the B2 Native API is SSE-S3 of the S3 Compatible API. */
export const modes = ['none', 'SSE-B2', 'SSE-C'] as const;
export type Mode = (typeof modes)[number];

type Headers = Readonly<Record<string, string>>;

/** What requests of each API say of the encryption. */
export interface Encryption {
  readonly mode: Mode;
  readonly b2: {
    readonly upload: Headers;
    readonly part: Headers;
    readonly download: Headers;
    /** `serverSideEncryption` of b2_start_large_file. */
    readonly setting: object | undefined;
  };
  readonly s3: { readonly upload: Headers; readonly part: Headers; readonly download: Headers };
}

/** The customer key of SSE-C is random. */
export function encryptionOf(mode: Mode): Encryption {
  if (mode === 'none') return { mode, b2: { ...sameHeaders({}), setting: undefined }, s3: sameHeaders({}) };
  if (mode === 'SSE-B2') {
    const setting = { mode, algorithm: 'AES256' };
    return {
      mode,
      b2: { ...sameHeaders({}), upload: { 'X-Bz-Server-Side-Encryption': 'AES256' }, setting },
      s3: { ...sameHeaders({}), upload: { 'X-Amz-Server-Side-Encryption': 'AES256' } },
    };
  }
  const bytes = randomBytes(32);
  const [key, md5] = [bytes.toString('base64'), createHash('md5').update(bytes).digest('base64')];
  const setting = { mode, algorithm: 'AES256', customerKey: key, customerKeyMd5: md5 };
  return {
    mode,
    b2: { ...sameHeaders(customerKey('X-Bz', key, md5)), setting },
    s3: sameHeaders(customerKey('X-Amz', key, md5)),
  };
}

function sameHeaders(headers: Headers) {
  return { upload: headers, part: headers, download: headers };
}

function customerKey(prefix: string, key: string, md5: string): Headers {
  return {
    [`${prefix}-Server-Side-Encryption-Customer-Algorithm`]: 'AES256',
    [`${prefix}-Server-Side-Encryption-Customer-Key`]: key,
    [`${prefix}-Server-Side-Encryption-Customer-Key-Md5`]: md5,
  };
}
