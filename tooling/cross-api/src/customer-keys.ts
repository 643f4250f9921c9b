import * as b2 from '../../../packages/b2-protocol/src/test-support/customer-keys.ts';
import * as s3 from '../../../packages/s3-protocol/src/test-support/customer-keys.ts';

/** How a file is asked to be encrypted, and how it is in the end. The numbers are two customers' keys. */
export type Mode = 'none' | 'SSE-B2' | 'SSE-C 1' | 'SSE-C 2';

type Headers = Readonly<Record<string, string>>;

/** What the two APIs call an encryption. */
export interface EncryptionWords {
  /** Of an upload. */
  readonly b2Headers: Headers;
  /** Of a download, and of a part. */
  readonly b2Reading: Headers;
  /** Of operations with JSON. */
  readonly b2Json: object;
  readonly s3Headers: Headers;
  readonly s3Reading: Headers;
  /** Of the source of a copy. */
  readonly s3Source: Headers;
}

function customer(number: number): EncryptionWords {
  const compatible = s3.customerKey(number);
  const native = b2.customerKeyOf(compatible.bytes);
  return {
    b2Headers: native.headers,
    b2Reading: native.headers,
    b2Json: native.json,
    s3Headers: compatible.headers,
    s3Reading: compatible.headers,
    s3Source: compatible.sourceHeaders,
  };
}

const nothing = { b2Reading: {}, s3Reading: {}, s3Source: {} };

/** The same encryptions in the words of both. */
export const encryptions: Readonly<Record<Mode, EncryptionWords>> = {
  none: { ...nothing, b2Headers: {}, b2Json: { mode: null }, s3Headers: {} },
  'SSE-B2': { ...nothing, b2Headers: b2.sseB2Headers, b2Json: b2.sseB2Json, s3Headers: s3.sseS3 },
  'SSE-C 1': customer(1),
  'SSE-C 2': customer(2),
};
