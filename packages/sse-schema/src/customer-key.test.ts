import { inspect } from 'node:util';
import { encodeHex } from '@coffer/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerKey, type CustomerKeyFields } from './customer-key.ts';

// Published key and MD5 pairs (ceph/s3-tests, minio/mint).
const published = [
  ['pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=', 'DWygnHRtgiJ77HCm+1rvHw=='],
  ['6b+WOZ1T3cqZMxgThRcXAQBrS5mXKdDUphvpxptl9/4=', 'arxBvwY2V4SiOne6yppVPQ=='],
  ['MzJieXRlc2xvbmdzZWNyZXRrZXltdXN0cHJvdmlkZWQ=', '7PpPLAK26ONlVUGOWlusfg=='],
] as const;
const [[key, md5], [otherKey, otherMd5]] = published;

const good: CustomerKeyFields = { algorithm: 'AES256', key, md5 };

function codeOf(fields: CustomerKeyFields, padding: 'optional' | 'required' = 'optional'): string {
  const result = CustomerKey.parse(fields, undefined, { padding });
  return result.ok ? 'ok' : result.error.code;
}

describe('CustomerKey.parse', () => {
  it.each(published)('takes the published pair %#', (publishedKey, publishedMd5) => {
    const result = CustomerKey.parse({ algorithm: 'AES256', key: publishedKey, md5: publishedMd5 });
    if (!result.ok) throw result.error;
    expect(result.value.exposeBase64((text) => text)).toBe(publishedKey);
    expect(result.value.md5Base64).toBe(publishedMd5);
  });

  it.each<[string, Partial<CustomerKeyFields>, string]>([
    ['no algorithm', { algorithm: undefined }, 'incomplete_customer_key'],
    ['no key', { key: undefined }, 'incomplete_customer_key'],
    ['no MD5', { md5: undefined }, 'incomplete_customer_key'],
    ['another algorithm', { algorithm: 'AES128' }, 'unsupported_algorithm'],
    ['the algorithm in lower case', { algorithm: 'aes256' }, 'unsupported_algorithm'],
    ['an empty key', { key: '' }, 'malformed_customer_key'],
    ['a key that is not base64', { key: '!'.repeat(44) }, 'malformed_customer_key'],
    ['a key of 31 bytes', { key: `${'A'.repeat(42)}==` }, 'malformed_customer_key'],
    ['a key of 33 bytes', { key: 'A'.repeat(44) }, 'malformed_customer_key'],
    ['a key with set bits behind its end', { key: `${'A'.repeat(42)}B=` }, 'malformed_customer_key'],
    ['a key encoded twice', { key: btoa(key) }, 'malformed_customer_key'],
    ['a very long key', { key: 'A'.repeat(1_000_000) }, 'malformed_customer_key'],
    ['an MD5 without padding', { md5: md5.slice(0, 22) }, 'malformed_customer_key_md5'],
    ['an MD5 in hex', { md5: '0d6ca09c746d82227bec70a6fb5aef1f' }, 'malformed_customer_key_md5'],
    ['an MD5 of 15 bytes', { md5: 'A'.repeat(20) }, 'malformed_customer_key_md5'],
    ['the MD5 of another key', { md5: otherMd5 }, 'customer_key_md5_mismatch'],
  ])('refuses %s', (_, change, code) => {
    expect(codeOf({ ...good, ...change })).toBe(code);
  });

  it('takes a key without padding unless padding is required', () => {
    expect(codeOf({ ...good, key: key.slice(0, 43) })).toBe('ok');
    expect(codeOf({ ...good, key: key.slice(0, 43) }, 'required')).toBe('malformed_customer_key');
  });

  it('names the missing field and no value', () => {
    const names = { algorithm: 'X-Algorithm', key: 'X-Key', md5: 'X-Md5' };
    const result = CustomerKey.parse({ ...good, md5: undefined }, names);
    if (result.ok) throw new Error('expected a refusal');
    expect(result.error.field).toBe('X-Md5');
    expect(result.error.message).toContain('X-Md5');
    expect(inspect(result.error)).not.toContain(key);
  });
});

describe('CustomerKey', () => {
  it('parses what it prints, for any key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const made = CustomerKey.fromBytes(bytes);
        const text = made.exposeBase64((base64) => base64);
        const parsed = CustomerKey.parse({ algorithm: 'AES256', key: text, md5: made.md5Base64 });
        return parsed.ok && parsed.value.equals(made);
      }),
    );
  });

  it('makes no key of another length', () => {
    expect(() => CustomerKey.fromBytes(new Uint8Array(31))).toThrow(RangeError);
  });

  it('tells two keys apart', () => {
    const [a, b] = [key, otherKey].map((text) => CustomerKey.fromBytes(Buffer.from(text, 'base64')));
    expect(a!.equals(b!)).toBe(false);
  });

  it('shows neither key nor MD5 in any rendering', () => {
    const bytes = Buffer.from(key, 'base64');
    const made = CustomerKey.fromBytes(bytes);
    const holder = { mode: 'SSE-C', customerKey: made };
    const renderings = [
      String(made),
      JSON.stringify(holder),
      inspect(holder, { showHidden: true, depth: 9 }),
      inspect(Object.assign({}, made)),
      inspect(structuredClone(Object.assign({}, made))),
      Object.values(made).join(),
    ].join('\n');
    for (const secret of [key, md5, encodeHex(bytes), bytes.toString('latin1')]) {
      expect(renderings).not.toContain(secret);
    }
  });

  it('cannot be used once wiped', () => {
    const made = CustomerKey.fromBytes(new Uint8Array(32).fill(7));
    made.wipe();
    made.wipe();
    expect(() => made.exposeBase64((text) => text)).toThrow('wiped');
  });
});
