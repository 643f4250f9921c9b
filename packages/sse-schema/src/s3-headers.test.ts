import { describe, expect, it } from 'vitest';
import { key, md5, otherMd5 } from '../testing/sample-keys.ts';
import { CustomerKey } from './customer-key.ts';
import { lookupIn, type HeaderField } from './header-lookup.ts';
import type { SseResult } from './result.ts';
import {
  parseS3CopySourceHeaders,
  parseS3ReadHeaders,
  parseS3WriteHeaders,
  printS3CopySourceHeaders,
  printS3ReadHeaders,
  printS3ResponseHeaders,
  printS3WriteHeaders,
  s3SseHeaders,
} from './s3-headers.ts';
import { sameEncryption, type EncryptionRequest } from './settings.ts';

const encryption: HeaderField = { name: s3SseHeaders.encryption, value: 'AES256' };
const kms: HeaderField = { ...encryption, value: 'aws:kms' };
const kmsKey: HeaderField = { name: s3SseHeaders.kmsKeyId, value: 'id' };
const algorithm: HeaderField = { name: s3SseHeaders.algorithm, value: 'AES256' };
const keyField: HeaderField = { name: s3SseHeaders.key, value: key };
const md5Field: HeaderField = { name: s3SseHeaders.md5, value: md5 };
const customer = [algorithm, keyField, md5Field];

function outcome(result: SseResult<EncryptionRequest | undefined>): string | undefined {
  return result.ok ? result.value?.mode : result.error.code;
}

describe('parseS3WriteHeaders', () => {
  it.each<[string, HeaderField[], string | undefined]>([
    ['nothing', [], undefined],
    ['SSE-S3', [encryption], 'SSE-B2'],
    ['a customer key', customer, 'SSE-C'],
    ['both', [encryption, ...customer], 'conflicting_modes'],
    ['KMS and a customer key', [kms, ...customer], 'conflicting_modes'],
    ['no algorithm', [keyField, md5Field], 'incomplete_customer_key'],
    ['another algorithm', [{ ...algorithm, value: 'aes256' }, keyField, md5Field], 'unsupported_algorithm'],
    ['an empty key', [algorithm, { ...keyField, value: '' }, md5Field], 'incomplete_customer_key'],
    [
      'a key without padding',
      [algorithm, { ...keyField, value: key.slice(0, 43) }, md5Field],
      'malformed_customer_key',
    ],
    ['no MD5', [algorithm, keyField], 'incomplete_customer_key'],
    [
      'an MD5 without padding',
      [algorithm, keyField, { ...md5Field, value: md5.slice(0, 22) }],
      'malformed_customer_key_md5',
    ],
    ['another MD5', [algorithm, keyField, { ...md5Field, value: otherMd5 }], 'customer_key_md5_mismatch'],
    ['a KMS key alone', [kmsKey], 'kms_parameter_not_applicable'],
    ['a KMS key with SSE-S3', [encryption, kmsKey], 'kms_parameter_not_applicable'],
    ['a KMS context alone', [{ name: s3SseHeaders.kmsContext, value: 'e30=' }], 'kms_parameter_not_applicable'],
    ['KMS', [kms, kmsKey], 'kms_not_supported'],
    ['dual-layer KMS', [{ ...encryption, value: 'aws:kms:dsse' }], 'kms_not_supported'],
    ['another method', [{ ...encryption, value: 'aes256' }], 'unsupported_mode'],
    ['an empty method', [{ ...encryption, value: '' }], 'unsupported_mode'],
    ['a header twice', [encryption, encryption], 'duplicate_parameter'],
  ])('with %s', (_, fields, expected) => {
    expect(outcome(parseS3WriteHeaders(lookupIn(fields)))).toBe(expected);
  });
});

describe('reading', () => {
  it('takes a customer key and refuses to ask for an encryption', () => {
    expect(outcome(parseS3ReadHeaders(lookupIn(customer)))).toBe('SSE-C');
    expect(outcome(parseS3ReadHeaders(lookupIn([])))).toBeUndefined();
    expect(outcome(parseS3ReadHeaders(lookupIn([encryption])))).toBe('encryption_header_on_read');
    expect(outcome(parseS3ReadHeaders(lookupIn([algorithm])))).toBe('incomplete_customer_key');
  });

  it("keeps the copy source's key apart from the target's", () => {
    const setting: EncryptionRequest = {
      mode: 'SSE-C',
      customerKey: CustomerKey.fromBytes(new Uint8Array(32).fill(3)),
    };
    const source = lookupIn(printS3CopySourceHeaders(setting));
    expect(outcome(parseS3CopySourceHeaders(source))).toBe('SSE-C');
    expect(outcome(parseS3WriteHeaders(source))).toBeUndefined();
    expect(outcome(parseS3CopySourceHeaders(lookupIn(customer)))).toBeUndefined();
  });
});

describe('printing', () => {
  it('is undone by parsing', () => {
    const setting: EncryptionRequest = {
      mode: 'SSE-C',
      customerKey: CustomerKey.fromBytes(new Uint8Array(32).fill(9)),
    };
    for (const [print, parse] of [
      [printS3WriteHeaders, parseS3WriteHeaders],
      [printS3ReadHeaders, parseS3ReadHeaders],
      [printS3CopySourceHeaders, parseS3CopySourceHeaders],
    ] as const) {
      const parsed = parse(lookupIn(print(setting)));
      expect(parsed.ok && parsed.value !== undefined && sameEncryption(parsed.value, setting)).toBe(true);
      expect(print(undefined)).toEqual([]);
    }
    expect(printS3WriteHeaders({ mode: 'SSE-B2' })).toEqual([encryption]);
    expect(printS3ReadHeaders({ mode: 'SSE-B2' })).toEqual([]);
  });

  it('of a response names no key', () => {
    expect(printS3ResponseHeaders({ mode: 'none' })).toEqual([]);
    expect(printS3ResponseHeaders({ mode: 'SSE-B2' })).toEqual([encryption]);
    expect(printS3ResponseHeaders({ mode: 'SSE-C' })).toEqual([algorithm]);
    expect(printS3ResponseHeaders({ mode: 'SSE-C', customerKeyMd5: md5 })).toEqual([algorithm, md5Field]);
  });
});
