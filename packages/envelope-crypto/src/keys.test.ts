import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretBytes } from '@coffer/bytes';
import { checkCustomerKey, makeCustomerKeyVerifier } from './customer-key-verifier.ts';
import { generateFileKey } from './file-key.ts';
import { openSecret, sealSecret } from './sealed-secret.ts';
import { codeOf, secretOf, testProvider } from './test-support.ts';
import {
  unwrapFileKeyForCustomer,
  unwrapFileKeyForServer,
  wrapFileKeyForCustomer,
  wrapFileKeyForServer,
} from './wrapped-key.ts';

const here = { bucketId: 'bucket', fileId: 'file' };
const elsewhere = [
  { bucketId: 'bucket', fileId: 'file2' },
  { bucketId: 'bucket2', fileId: 'file' },
  { bucketId: 'file', fileId: 'bucket' },
];
const flipped = (bytes: Uint8Array): Uint8Array[] =>
  Array.from(bytes, (_, i) => bytes.map((byte, k) => (k === i ? byte ^ 1 : byte)));

describe('a file key wrapped by a global key', () => {
  const provider = testProvider();
  const fileKey = generateFileKey();
  const wrap = () => wrapFileKeyForServer(provider, 'gk_new', fileKey, here);

  it('opens to the same key, 72 bytes long, different every time', async () => {
    const [a, b] = [await wrap(), await wrap()];
    expect([a.length, b.length, Buffer.compare(a, b) === 0]).toEqual([72, 72, false]);
    expect((await unwrapFileKeyForServer(provider, 'gk_new', a, here)).equals(fileKey)).toBe(true);
  });

  it('opens nowhere else', async () => {
    const wrapped = await wrap();
    for (const there of elsewhere)
      expect(await codeOf(() => unwrapFileKeyForServer(provider, 'gk_new', wrapped, there))).toBe('not_authentic');
    expect(await codeOf(() => unwrapFileKeyForServer(provider, 'gk_old', wrapped, here))).toBe('not_authentic');
    expect(await codeOf(() => unwrapFileKeyForServer(provider, 'gk_none', wrapped, here))).toBe('unknown_key');
    expect(await codeOf(() => unwrapFileKeyForServer(provider, 'gk_gone', wrapped, here))).toBe('unknown_key');
    expect(await codeOf(() => unwrapFileKeyForCustomer(secretOf(0x22), wrapped, here))).toBe('not_authentic');
  });

  it('does not open changed or with another length', async () => {
    const wrapped = await wrap();
    for (const changed of flipped(wrapped))
      expect(await codeOf(() => unwrapFileKeyForServer(provider, 'gk_new', changed, here))).toBe('not_authentic');
    for (const cut of [wrapped.subarray(1), Uint8Array.of(...wrapped, 0), new Uint8Array(0)])
      expect(await codeOf(() => unwrapFileKeyForServer(provider, 'gk_new', cut, here))).toBe('malformed');
  });

  it('is made only by the active key, of a key of 32 bytes, for ids that are ids', async () => {
    expect(await codeOf(() => wrapFileKeyForServer(provider, 'gk_old', fileKey, here))).toBe('unknown_key');
    expect(await codeOf(() => wrapFileKeyForServer(provider, 'gk_gone', fileKey, here))).toBe('unknown_key');
    const short = SecretBytes.random(31);
    expect(await codeOf(() => wrapFileKeyForServer(provider, 'gk_new', short, here))).toBe('wrong_key');
    for (const id of ['', 'a b', 'a\0b', 'ü'])
      expect(await codeOf(() => wrapFileKeyForServer(provider, 'gk_new', fileKey, { ...here, fileId: id }))).toBe(
        'malformed',
      );
  });
});

describe('a file key wrapped by a customer’s key', () => {
  const [customerKey, fileKey] = [secretOf(0x33), generateFileKey()];
  const wrapped = wrapFileKeyForCustomer(customerKey, fileKey, here);

  it('opens to the same key', () => {
    expect(wrapped.length).toBe(72);
    expect(unwrapFileKeyForCustomer(customerKey, wrapped, here).equals(fileKey)).toBe(true);
  });

  it('opens nowhere else and not changed', async () => {
    for (const there of elsewhere)
      expect(await codeOf(() => unwrapFileKeyForCustomer(customerKey, wrapped, there))).toBe('not_authentic');
    for (const changed of flipped(wrapped))
      expect(await codeOf(() => unwrapFileKeyForCustomer(customerKey, changed, here))).toBe('not_authentic');
    expect(await codeOf(() => unwrapFileKeyForCustomer(secretOf(0x34), wrapped, here))).toBe('not_authentic');
    expect(await codeOf(() => unwrapFileKeyForCustomer(SecretBytes.random(16), wrapped, here))).toBe('wrong_key');
    expect(await codeOf(() => unwrapFileKeyForCustomer(customerKey, wrapped.subarray(1), here))).toBe('malformed');
  });
});

describe('a sealed secret', () => {
  const provider = testProvider();
  const secret = SecretBytes.copyOf(Buffer.from('K005example'));

  it('opens for its subject only', async () => {
    const sealed = await sealSecret(provider, 'gk_new', 'application-key', 'key1', secret);
    expect(sealed.length).toBe(40 + secret.length);
    expect((await openSecret(provider, 'gk_new', 'application-key', 'key1', sealed)).equals(secret)).toBe(true);
    expect(await codeOf(() => openSecret(provider, 'gk_new', 'application-key', 'key2', sealed))).toBe('not_authentic');
    expect(await codeOf(() => openSecret(provider, 'gk_old', 'application-key', 'key1', sealed))).toBe('not_authentic');
    expect(await codeOf(() => openSecret(provider, 'gk_new', 'application-key', '', sealed))).toBe('malformed');
  });
});

describe('a customer key’s verifier', () => {
  const customerKey = secretOf(0x44);
  const verifier = makeCustomerKeyVerifier(customerKey, 'file');

  it('knows its key and file', () => {
    expect(checkCustomerKey(verifier, customerKey, 'file')).toBe(true);
    expect(checkCustomerKey(verifier, customerKey, 'file2')).toBe(false);
    expect(checkCustomerKey(verifier, secretOf(0x45), 'file')).toBe(false);
    expect(checkCustomerKey(verifier, SecretBytes.random(31), 'file')).toBe(false);
    for (const changed of flipped(verifier)) expect(checkCustomerKey(changed, customerKey, 'file')).toBe(false);
  });

  it('is salt and HMAC, 48 bytes, salted anew each time', () => {
    const salt = verifier.slice(0, 16);
    const message = Buffer.concat([Buffer.from('coffer/customer-key/v1\0'), salt, Buffer.from('file')]);
    const hash = createHmac('sha256', Buffer.alloc(32, 0x44)).update(message).digest();
    expect(Buffer.compare(verifier, Buffer.concat([salt, hash]))).toBe(0);
    expect(makeCustomerKeyVerifier(customerKey, 'file')).not.toEqual(verifier);
  });

  it('of another length, and a key of another length, are refused', async () => {
    expect(await codeOf(() => checkCustomerKey(verifier.subarray(1), customerKey, 'file'))).toBe('malformed');
    expect(await codeOf(() => makeCustomerKeyVerifier(SecretBytes.random(16), 'file'))).toBe('wrong_key');
  });
});

it('no error shows a key', async () => {
  const provider = testProvider();
  const customerKey = SecretBytes.copyOf(Buffer.from('QmVlcXVlY3VzdG9tZXJLZXlCeXRlczAx'));
  const fileKey = SecretBytes.copyOf(Buffer.from('WmVicmFmaWxla2V5Qnl0ZXNNYWRlVXAy'));
  const wrapped = wrapFileKeyForCustomer(customerKey, fileKey, here);
  const failures: (() => unknown)[] = [
    () => unwrapFileKeyForCustomer(customerKey, wrapped, elsewhere[0]!),
    () => wrapFileKeyForServer(provider, 'gk_old', fileKey, here),
    () => unwrapFileKeyForServer(provider, 'gk_new', wrapped, here),
    () => makeCustomerKeyVerifier(SecretBytes.copyOf(Buffer.from('QmVlcXVlY3Vz')), 'file'),
  ];
  for (const fail of failures) {
    const error: unknown = await Promise.resolve()
      .then(fail)
      .catch((caught: unknown) => caught);
    const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + String(error);
    expect(shown).toContain('EnvelopeError');
    for (const text of ['QmVlcXVlY3Vz', 'WmVicmFmaWxl']) {
      for (const encoding of ['latin1', 'hex', 'base64'] as const)
        expect(shown).not.toContain(Buffer.from(text).toString(encoding).replace(/=+$/, '').slice(0, 10));
    }
  }
  expect(inspect(provider, { depth: 9, showHidden: true })).not.toContain('2222');
});
