import { describe, expect, it } from 'vitest';
import { key, md5, otherMd5 } from '../testing/sample-keys.ts';
import { CustomerKey } from './customer-key.ts';
import { lookupIn, type HeaderPair } from './header-lookup.ts';
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

const encryption: HeaderPair = [s3SseHeaders.encryption, 'AES256'];
const kms: HeaderPair = [encryption[0], 'aws:kms'];
const kmsKey: HeaderPair = [s3SseHeaders.kmsKeyId, 'id'];
const algorithm: HeaderPair = [s3SseHeaders.algorithm, 'AES256'];
const keyField: HeaderPair = [s3SseHeaders.key, key];
const md5Field: HeaderPair = [s3SseHeaders.md5, md5];
const customer = [algorithm, keyField, md5Field];

function outcome(result: SseResult<EncryptionRequest | undefined>): string | undefined {
  return result.ok ? result.value?.mode : result.error.code;
}

describe('parseS3WriteHeaders', () => {
  it.each<[string, HeaderPair[], string | undefined]>([
    ['nothing', [], undefined],
    ['SSE-S3', [encryption], 'SSE-B2'],
    ['a customer key', customer, 'SSE-C'],
    ['both', [encryption, ...customer], 'conflicting_modes'],
    ['KMS and a customer key', [kms, ...customer], 'conflicting_modes'],
    ['no algorithm', [keyField, md5Field], 'incomplete_customer_key'],
    ['another algorithm', [[algorithm[0], 'aes256'], keyField, md5Field], 'unsupported_algorithm'],
    ['an empty key', [algorithm, [keyField[0], ''], md5Field], 'incomplete_customer_key'],
    ['a key without padding', [algorithm, [keyField[0], key.slice(0, 43)], md5Field], 'malformed_customer_key'],
    ['no MD5', [algorithm, keyField], 'incomplete_customer_key'],
    ['an MD5 without padding', [algorithm, keyField, [md5Field[0], md5.slice(0, 22)]], 'malformed_customer_key_md5'],
    ['another MD5', [algorithm, keyField, [md5Field[0], otherMd5]], 'customer_key_md5_mismatch'],
    ['a KMS key alone', [kmsKey], 'kms_parameter_not_applicable'],
    ['a KMS key with SSE-S3', [encryption, kmsKey], 'kms_parameter_not_applicable'],
    ['a KMS key with a customer key', [kmsKey, ...customer], 'kms_parameter_not_applicable'],
    [
      'a KMS key with another algorithm',
      [kmsKey, [algorithm[0], 'aes256'], keyField, md5Field],
      'unsupported_algorithm',
    ],
    ['a KMS context alone', [[s3SseHeaders.kmsContext, 'e30=']], 'kms_parameter_not_applicable'],
    ['KMS', [kms, kmsKey], 'kms_not_supported'],
    ['dual-layer KMS', [[encryption[0], 'aws:kms:dsse']], 'kms_not_supported'],
    ['another method', [[encryption[0], 'aes256']], 'unsupported_mode'],
    ['an empty method', [[encryption[0], '']], 'unsupported_mode'],
    ['a header twice', [encryption, encryption], 'duplicate_parameter'],
  ])('with %s', (_, fields, expected) => {
    expect(outcome(parseS3WriteHeaders(fields))).toBe(expected);
  });
});

describe('reading', () => {
  it('takes a customer key and refuses to ask for an encryption', () => {
    expect(outcome(parseS3ReadHeaders(customer))).toBe('SSE-C');
    expect(outcome(parseS3ReadHeaders([]))).toBeUndefined();
    expect(outcome(parseS3ReadHeaders([encryption]))).toBe('encryption_header_on_read');
    expect(outcome(parseS3ReadHeaders([algorithm]))).toBe('incomplete_customer_key');
  });

  it("keeps the copy source's key apart from the target's", () => {
    const setting: EncryptionRequest = {
      mode: 'SSE-C',
      customerKey: CustomerKey.fromBytes(new Uint8Array(32).fill(3)),
    };
    const source = lookupIn(printS3CopySourceHeaders(setting));
    expect(outcome(parseS3CopySourceHeaders(source))).toBe('SSE-C');
    expect(outcome(parseS3WriteHeaders(source))).toBeUndefined();
    expect(outcome(parseS3CopySourceHeaders(customer))).toBeUndefined();
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
      const parsed = parse(print(setting));
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
