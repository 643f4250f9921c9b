import { absent, type Value } from '../../model/expectation.ts';
import type { CustomerKeyName } from '../../model/customer-key.ts';
import type { Feature, Profile } from '../../model/feature.ts';
import type { Headers, Json } from '../../model/step.ts';

const algorithm = 'X-Bz-Server-Side-Encryption-Customer-Algorithm';
const key = 'X-Bz-Server-Side-Encryption-Customer-Key';
const md5 = 'X-Bz-Server-Side-Encryption-Customer-Key-Md5';
/** The names of the headers that carry a customer key. */
export const customerKeyHeaders = { algorithm, key, md5 } as const;

/** The three headers of a customer key. */
export function keyHeaders(name: CustomerKeyName): Headers {
  return { [algorithm]: 'AES256', [key]: `{{key.${name}}}`, [md5]: `{{key.${name}.md5}}` };
}

/** The same in JSON. */
export function keySetting(name: CustomerKeyName): { readonly [name: string]: Json } {
  return {
    mode: 'SSE-C',
    algorithm: 'AES256',
    customerKey: `{{key.${name}}}`,
    customerKeyMd5: `{{key.${name}.md5}}`,
  };
}

/** A way in which a file can be stored, and everything that follows from it. */
export interface B2Mode {
  readonly id: string;
  readonly title: string;
  /** Where the target gives every file SSE-B2, there is no plain file. */
  readonly profiles?: readonly Profile[];
  readonly needs: readonly Feature[];
  /** For `b2_upload_file`. */
  readonly writing: Headers;
  /** For downloads. */
  readonly reading: Headers;
  /** For `b2_upload_part`. */
  readonly partHeaders: Headers;
  /** For `serverSideEncryption`, `sourceServerSideEncryption` and `destinationServerSideEncryption`. */
  readonly setting: { readonly [name: string]: Json } | undefined;
  /** What the JSON of the file says below `serverSideEncryption`. */
  readonly json: Readonly<Record<string, Value>>;
  /** What downloads say. */
  readonly headers: Readonly<Record<string, Value>>;
}

const sse = 'x-bz-server-side-encryption';
const none: B2Mode = {
  id: 'none',
  title: 'a plain file',
  profiles: ['b2-classic'],
  needs: [],
  writing: {},
  reading: {},
  partHeaders: {},
  setting: undefined,
  json: { 'serverSideEncryption.mode': { oneOf: [null] } },
  headers: { [sse]: absent, [`${sse}-customer-algorithm`]: absent, [`${sse}-customer-key-md5`]: absent },
};

const sseB2: B2Mode = {
  id: 'sse-b2',
  title: 'a file with SSE-B2',
  needs: ['sse-b2'],
  writing: { 'X-Bz-Server-Side-Encryption': 'AES256' },
  reading: {},
  partHeaders: {},
  setting: { mode: 'SSE-B2', algorithm: 'AES256' },
  json: { 'serverSideEncryption.mode': 'SSE-B2', 'serverSideEncryption.algorithm': 'AES256' },
  headers: { [sse]: 'AES256', [`${sse}-customer-algorithm`]: absent, [`${sse}-customer-key-md5`]: absent },
};

function sseC(name: CustomerKeyName): B2Mode {
  return {
    id: `sse-c-${name.toLowerCase()}`,
    title: `a file with SSE-C and key ${name}`,
    needs: ['sse-c'],
    writing: keyHeaders(name),
    reading: keyHeaders(name),
    partHeaders: keyHeaders(name),
    setting: keySetting(name),
    json: {
      'serverSideEncryption.mode': 'SSE-C',
      'serverSideEncryption.algorithm': 'AES256',
      'serverSideEncryption.customerKey': absent,
    },
    headers: {
      [sse]: absent,
      [`${sse}-customer-algorithm`]: 'AES256',
      [`${sse}-customer-key-md5`]: `{{key.${name}.md5}}`,
    },
  };
}

export const b2Modes = { none, sseB2, sseCA: sseC('A'), sseCB: sseC('B') } as const;

/** The three kinds, for what does not depend on which customer key it is. */
export const threeB2Modes: readonly B2Mode[] = [b2Modes.none, b2Modes.sseB2, b2Modes.sseCA];

/** What a case needs that works with these modes, and in which profiles it can be run. */
export function demands(...modes: readonly B2Mode[]): {
  readonly needs: readonly Feature[];
  readonly profiles?: readonly Profile[];
} {
  const profiles = modes.find((mode) => mode.profiles !== undefined)?.profiles;
  return { needs: [...new Set(modes.flatMap(({ needs }) => needs))], ...(profiles !== undefined && { profiles }) };
}
