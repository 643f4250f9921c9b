import { createHash } from 'node:crypto';

/** A way to encrypt a file, as headers of uploads and downloads and as fields of JSON requests say it. */
export interface Encryption {
  readonly name: string;
  readonly uploadHeaders: Readonly<Record<string, string>>;
  /** SSE-C only: a part and a download name the key, a file under SSE-B2 needs nothing. */
  readonly keyHeaders: Readonly<Record<string, string>>;
  readonly setting: Readonly<Record<string, string | null>>;
  readonly keySetting: Readonly<Record<string, string>> | undefined;
  readonly s3: S3Encryption;
}

/** The same as headers of S3. */
interface S3Encryption {
  /** Of an object or upload that is made. */
  readonly target: Readonly<Record<string, string>>;
  /** SSE-C only: of a part, and of what is read. */
  readonly key: Readonly<Record<string, string>>;
  /** SSE-C only: of what is copied. */
  readonly source: Readonly<Record<string, string>>;
}

export const unencrypted: Encryption = {
  name: 'none',
  uploadHeaders: {},
  keyHeaders: {},
  setting: { mode: null },
  keySetting: undefined,
  s3: { target: {}, key: {}, source: {} },
};

const managed: Encryption = {
  name: 'SSE-B2',
  uploadHeaders: { 'X-Bz-Server-Side-Encryption': 'AES256' },
  keyHeaders: {},
  setting: { mode: 'SSE-B2', algorithm: 'AES256' },
  keySetting: undefined,
  s3: { target: { 'x-amz-server-side-encryption': 'AES256' }, key: {}, source: {} },
};

/** The keys of all SSE-C files. */
export const customerKeys: readonly Buffer[] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

function customer(key: Buffer, index: number): Encryption {
  const customerKey = key.toString('base64');
  const customerKeyMd5 = createHash('md5').update(key).digest('base64');
  const headers = {
    'X-Bz-Server-Side-Encryption-Customer-Algorithm': 'AES256',
    'X-Bz-Server-Side-Encryption-Customer-Key': customerKey,
    'X-Bz-Server-Side-Encryption-Customer-Key-Md5': customerKeyMd5,
  };
  const setting = { mode: 'SSE-C', algorithm: 'AES256', customerKey, customerKeyMd5 };
  const s3Headers = (prefix: string) => ({
    [`${prefix}-server-side-encryption-customer-algorithm`]: 'AES256',
    [`${prefix}-server-side-encryption-customer-key`]: customerKey,
    [`${prefix}-server-side-encryption-customer-key-MD5`]: customerKeyMd5,
  });
  const s3Key = s3Headers('x-amz');
  return {
    name: `SSE-C key ${index + 1}`,
    ...{ uploadHeaders: headers, keyHeaders: headers, setting, keySetting: setting },
    s3: { target: s3Key, key: s3Key, source: s3Headers('x-amz-copy-source') },
  };
}

/** Every mode, with two customer keys. */
export const encryptions: readonly Encryption[] = [unencrypted, managed, ...customerKeys.map(customer)];
