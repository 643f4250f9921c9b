import type { CustomerKeyName } from '../../model/customer-key.ts';
import { absent, type Value } from '../../model/expectation.ts';
import type { Feature } from '../../model/feature.ts';
import type { Headers } from '../../model/step.ts';

const sse = 'x-amz-server-side-encryption';
const customer = `${sse}-customer`;
const source = 'x-amz-copy-source-server-side-encryption-customer';

/** The name of the header that asks for SSE-S3. */
export const sseHeader = sse;
/** The names of the headers that carry a customer key. */
export const customerKeyHeaders = {
  algorithm: `${customer}-algorithm`,
  key: `${customer}-key`,
  md5: `${customer}-key-MD5`,
} as const;

function keyHeadersOf(prefix: string, name: CustomerKeyName): Headers {
  return {
    [`${prefix}-algorithm`]: 'AES256',
    [`${prefix}-key`]: `{{key.${name}}}`,
    [`${prefix}-key-MD5`]: `{{key.${name}.md5}}`,
  };
}

/** The three headers of a customer key. */
export function keyHeaders(name: CustomerKeyName): Headers {
  return keyHeadersOf(customer, name);
}

/** The three headers of the customer key of a copy's source. */
export function sourceKeyHeaders(name: CustomerKeyName): Headers {
  return keyHeadersOf(source, name);
}

/** A way in which an object can be stored, and everything that follows from it. */
export interface S3Mode {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly Feature[];
  /** For PutObject, the target of CopyObject, and CreateMultipartUpload. */
  readonly writing: Headers;
  /** For UploadPart, GetObject and HeadObject. */
  readonly reading: Headers;
  /** For the source of a copy. */
  readonly asSource: Headers;
  /** What answers say. */
  readonly headers: Readonly<Record<string, Value>>;
}

/** Some services encrypt all objects by themselves; what must not be there is a customer key. */
const none: S3Mode = {
  id: 'none',
  title: 'an object that asks for nothing',
  needs: [],
  writing: {},
  reading: {},
  asSource: {},
  headers: { [`${customer}-algorithm`]: absent, [`${customer}-key-md5`]: absent },
};

const sseS3: S3Mode = {
  id: 'sse-s3',
  title: 'an object with SSE-S3',
  needs: ['sse-s3'],
  writing: { [sse]: 'AES256' },
  reading: {},
  asSource: {},
  headers: { [sse]: 'AES256', [`${customer}-algorithm`]: absent, [`${customer}-key-md5`]: absent },
};

function sseC(name: CustomerKeyName): S3Mode {
  return {
    id: `sse-c-${name.toLowerCase()}`,
    title: `an object with SSE-C and key ${name}`,
    needs: ['sse-c'],
    writing: keyHeaders(name),
    reading: keyHeaders(name),
    asSource: sourceKeyHeaders(name),
    headers: {
      [sse]: absent,
      [`${customer}-algorithm`]: 'AES256',
      [`${customer}-key-md5`]: `{{key.${name}.md5}}`,
    },
  };
}

export const s3Modes = { none, sseS3, sseCA: sseC('A'), sseCB: sseC('B') } as const;

/** The three kinds, for what does not depend on which customer key it is. */
export const threeS3Modes: readonly S3Mode[] = [s3Modes.none, s3Modes.sseS3, s3Modes.sseCA];

/** What a case needs that works with these modes. */
export function needsOf(...modes: readonly S3Mode[]): readonly Feature[] {
  return [...new Set(modes.flatMap(({ needs }) => needs))];
}

/** A wrong customer key: AWS and MinIO answer 403, Ceph and Garage 400; all of them refuse it. */
export const wrongKey = { status: [403, 400] } as const;
