import { HeaderList, type HeaderPair } from '@coffer/http';
import { sseViolations, wipeEncryption } from '@coffer/sse-schema';
import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf } from '../../testing/refusal.ts';
import { S3Error } from '../values/s3-error.ts';
import { encryptionError } from './encryption-errors.ts';
import { readEncryptionHeaders, refuseKeysInQuery, type EncryptionUse } from './encryption-headers.ts';
import { QueryParameters } from './query-parameters.ts';

const base = 'x-amz-server-side-encryption';
const key1 = ['pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=', 'DWygnHRtgiJ77HCm+1rvHw=='] as const;
const key2 = ['6b+WOZ1T3cqZMxgThRcXAQBrS5mXKdDUphvpxptl9/4=', 'arxBvwY2V4SiOne6yppVPQ=='] as const;
const key3 = ['MzJieXRlc2xvbmdzZWNyZXRrZXltdXN0cHJvdmlkZWQ=', '7PpPLAK26ONlVUGOWlusfg=='] as const;

type Changes = Partial<Record<'algorithm' | 'key' | 'key-MD5', string | undefined>>;

function customer([key, md5]: readonly [string, string] = key1, changes: Changes = {}, prefix = base): HeaderPair[] {
  const values = { algorithm: 'AES256', key, 'key-MD5': md5, ...changes };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[`${prefix}-customer-${name}`, value] as const],
  );
}

const source = (pair: readonly [string, string], changes: Changes = {}) =>
  customer(pair, changes, 'x-amz-copy-source-server-side-encryption');

function refusal(use: EncryptionUse, pairs: HeaderPair[], isSecure = true) {
  return refusalOf(() => readEncryptionHeaders(use, new HeaderList(pairs), isSecure));
}

const must = 'Requests specifying Server Side Encryption with Customer provided keys must';
const noAlgorithm = `${must} provide a valid encryption algorithm.`;
const noKey = `${must} provide an appropriate secret key.`;
const badKey = 'The secret key was invalid for the specified algorithm.';
const noMd5 = `${must} provide the client calculated MD5 of the secret key.`;
const badMd5 = 'The calculated MD5 hash of the key did not match the hash that was provided.';
const both = 'Server Side Encryption with Customer provided key is incompatible with the encryption method specified';
const badAlgorithm = 'The Encryption request you specified is not valid. Supported value: AES256.';
const kmsParameter =
  'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms';
const noKms = 'Server side encryption with KMS is not supported';
const badMethod = 'The encryption method specified is not supported';
const kmsKeyId: HeaderPair = [`${base}-aws-kms-key-id`, 'k'];

describe('a write', () => {
  it.each<[number, HeaderPair[], string, string, string | undefined]>([
    [2, [...customer(), [base, 'AES256']], 'InvalidArgument', both, 'AES256'],
    [2, [...customer(), [base, 'aws:kms']], 'InvalidArgument', both, 'aws:kms'],
    [2, [...customer(), [base, 'aws:kms'], kmsKeyId], 'InvalidArgument', both, 'aws:kms'],
    [3, customer(key1, { algorithm: undefined }), 'InvalidArgument', noAlgorithm, undefined],
    [3, customer(key1, { algorithm: '' }), 'InvalidArgument', noAlgorithm, undefined],
    [4, customer(key1, { algorithm: 'aes256' }), 'InvalidEncryptionAlgorithmError', badAlgorithm, 'aes256'],
    [5, customer(key1, { key: undefined }), 'InvalidArgument', noKey, undefined],
    [5, customer(key1, { key: '' }), 'InvalidArgument', noKey, undefined],
    [6, customer(key1, { key: 'x' }), 'InvalidArgument', badKey, undefined],
    [6, customer(key1, { key: key1[0].slice(0, -1) }), 'InvalidArgument', badKey, undefined],
    [6, customer(key1, { key: 'AAAA' }), 'InvalidArgument', badKey, undefined],
    [7, customer(key1, { 'key-MD5': undefined }), 'InvalidArgument', noMd5, undefined],
    [7, customer(key1, { 'key-MD5': '' }), 'InvalidArgument', noMd5, undefined],
    [8, customer(key1, { 'key-MD5': 'x' }), 'InvalidArgument', badMd5, undefined],
    [8, customer(key1, { 'key-MD5': key1[1].replaceAll('=', '') }), 'InvalidArgument', badMd5, undefined],
    [8, customer(key1, { 'key-MD5': key2[1] }), 'InvalidArgument', badMd5, undefined],
    [9, [kmsKeyId], 'InvalidArgument', kmsParameter, undefined],
    [9, [kmsKeyId, [base, 'AES256']], 'InvalidArgument', kmsParameter, undefined],
    [9, [kmsKeyId, [base, 'aes:kms']], 'InvalidArgument', kmsParameter, undefined],
    [9, [[`${base}-context`, 'c']], 'InvalidArgument', kmsParameter, undefined],
    [10, [[base, 'aws:kms']], 'NotImplemented', noKms, undefined],
    [10, [[base, 'aws:kms:dsse'], kmsKeyId], 'NotImplemented', noKms, undefined],
    [11, [[base, 'aes256']], 'InvalidArgument', badMethod, 'aes256'],
    [11, [[base, 'aes:kms']], 'InvalidArgument', badMethod, 'aes:kms'],
    [11, [[base, '']], 'InvalidArgument', badMethod, ''],
  ])('is refused by rule %i: %j', (_, pairs, code, message, value) => {
    const details = { ArgumentName: base, ...(value === undefined ? {} : { ArgumentValue: value }) };
    const status = code === 'NotImplemented' ? 501 : 400;
    expect(refusal('write', pairs)).toEqual({ code, status, message, details });
  });

  it('is refused by rule 1 over a connection that others can read', () => {
    const message = `${must} be made over a secure connection.`;
    for (const pairs of [customer(), customer(key1, { algorithm: undefined }), [...customer(), [base, 'x']]]) {
      expect(refusal('write', pairs as HeaderPair[], false)).toMatchObject({ code: 'InvalidRequest', message });
    }
    expect(readEncryptionHeaders('write', new HeaderList([[base, 'AES256']]), false).target).toEqual({
      mode: 'SSE-B2',
    });
  });

  it.each([key1, key2, key3])('takes a customer key', (...pair) => {
    const { target } = readEncryptionHeaders('write', new HeaderList(customer(pair)), true);
    expect(target?.mode === 'SSE-C' && target.customerKey.md5Base64).toBe(pair[1]);
    wipeEncryption(target);
  });

  it('takes AES256, the key of a bucket that means nothing, and nothing', () => {
    const read = (...pairs: HeaderPair[]) => readEncryptionHeaders('write', new HeaderList(pairs), true).target;
    expect(read([base, 'AES256'])).toEqual({ mode: 'SSE-B2' });
    expect(read([`${base}-bucket-key-enabled`, 'true'])).toBeUndefined();
    expect(read()).toBeUndefined();
  });

  it('is refused with a header given twice', () => {
    expect(
      refusal('write', [
        [base, 'AES256'],
        [base, 'AES256'],
      ]).code,
    ).toBe('InvalidArgument');
  });
});

describe('a read', () => {
  it.each(['AES256', 'aws:kms', ''])('is refused with the method %j', (value) => {
    expect(refusal('read', [[base, value]])).toMatchObject({
      code: 'InvalidArgument',
      message: 'x-amz-server-side-encryption header is not supported for this operation.',
    });
  });

  it.each([
    [customer(key1, { algorithm: undefined }), noAlgorithm],
    [customer(key1, { algorithm: 'x' }), badAlgorithm],
    [customer(key1, { key: undefined }), noKey],
    [customer(key1, { 'key-MD5': undefined }), noMd5],
    [customer(key1, { 'key-MD5': key2[1] }), badMd5],
  ])('is refused with half a key: %#', (pairs, message) => {
    expect(refusal('read', pairs)).toMatchObject({ status: 400, message });
  });

  it('is refused over a connection that others can read, with a key', () => {
    expect(refusal('read', customer(), false).code).toBe('InvalidRequest');
    expect(readEncryptionHeaders('read', new HeaderList([]), false).target).toBeUndefined();
  });
});

describe('a copy', () => {
  it('has two keys', () => {
    const read = readEncryptionHeaders('copy', new HeaderList([...customer(key1), ...source(key2)]), true);
    const md5Of = (setting: typeof read.target) => setting?.mode === 'SSE-C' && setting.customerKey.md5Base64;
    expect([md5Of(read.target), md5Of(read.source)]).toEqual([key1[1], key2[1]]);
    wipeEncryption(read.target);
    wipeEncryption(read.source);
  });

  it('is refused for the target before the source', () => {
    const target = customer(key1, { key: 'x' });
    expect(refusal('copy', [...source(key2, { algorithm: 'x' }), ...target]).message).toBe(badKey);
    expect(refusal('copy', source(key2, { algorithm: 'x' })).code).toBe('InvalidEncryptionAlgorithmError');
    expect(refusal('copy', source(key2, { key: undefined })).message).toBe(noKey);
    expect(refusal('copy', source(key2, { 'key-MD5': undefined })).message).toBe(noMd5);
    expect(refusal('copy', source(key2), false).code).toBe('InvalidRequest');
  });
});

describe('others', () => {
  it('ignore the headers', () => {
    const pairs = [...customer(key1, { key: 'x' }), [base, 'x'] as const];
    expect(readEncryptionHeaders('none', new HeaderList(pairs), false)).toEqual({
      target: undefined,
      source: undefined,
    });
  });

  it('refuse a key in the query', () => {
    for (const name of [
      'x-amz-server-side-encryption-customer-key',
      'X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key',
    ]) {
      const refuse = () => {
        refuseKeysInQuery(new QueryParameters([[name, key1[0]]]));
      };
      expect(refusalOf(refuse)).toMatchObject({ code: 'InvalidArgument', details: { ArgumentName: name } });
      expect(JSON.stringify(refusalOf(refuse))).not.toContain(key1[0]);
    }
    expect(
      outcomeOf(() => {
        refuseKeysInQuery(new QueryParameters([['x-amz-server-side-encryption', 'AES256']]));
      }),
    ).toBeUndefined();
  });

  it('never show a key', () => {
    for (const pairs of [
      customer(key1, { 'key-MD5': key2[1] }),
      customer(key1, { algorithm: 'x' }),
      [...customer(), [base, 'AES256'] as const],
    ]) {
      for (const part of key1) expect(JSON.stringify(refusal('write', pairs))).not.toContain(part);
    }
  });
});

describe('encryptionError', () => {
  it.each([
    ['customer_key_required', 400, 'InvalidRequest', /^The object was stored using a form of Server Side Encryption\./],
    ['customer_key_wrong', 403, 'AccessDenied', /must provide the correct secret key\.$/],
    [
      'not_customer_encrypted',
      400,
      'InvalidRequest',
      /^The encryption parameters are not applicable to this object\.$/,
    ],
    ['part_customer_key_required', 400, 'InvalidRequest', /^The multipart upload initiate requested encryption\./],
    ['part_encryption_mismatch', 400, 'InvalidRequest', /^The multipart upload initiate requested encryption\./],
    ['customer_key_mismatch', 400, 'InvalidRequest', /did not match the ones used originally\.$/],
  ] as const)('%s is %i %s', (violation, status, code, message) => {
    const error = encryptionError(violation);
    expect([error.status, error.code]).toEqual([status, code]);
    expect(error.message).toMatch(message);
  });

  it('is total', () => {
    for (const violation of sseViolations) expect(encryptionError(violation)).toBeInstanceOf(S3Error);
  });
});
