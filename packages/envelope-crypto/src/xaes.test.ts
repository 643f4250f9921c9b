import { createHash } from 'node:crypto';
import { gcm, unsafe } from '@noble/ciphers/aes.js';
import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { SecretBytes } from '@coffer/bytes';
import { codeOf, secretOf } from './test-support.ts';
import { openXaes, sealXaes } from './xaes.ts';

const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, 'latin1'));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const nothing = new Uint8Array(0);
const nonce = text('ABCDEFGHIJKLMNOPQRSTUVWX');
const message = SecretBytes.copyOf(text('XAES-256-GCM'));

describe('known answers of c2sp.org/XAES-256-GCM', () => {
  it.each([
    [0x01, '', 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271'],
    [0x03, 'c2sp.org/XAES-256-GCM', '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d'],
  ])('key of bytes %i, aad "%s"', (byte, aad, expected) => {
    const sealed = sealXaes(secretOf(byte), message, text(aad), { nonce });
    expect(hex(sealed)).toBe(hex(nonce) + expected);
    openXaes(secretOf(byte), sealed, text(aad)).expose((bytes) => {
      expect(Buffer.from(bytes).toString()).toBe('XAES-256-GCM');
    });
  });

  it('10,000 accumulated iterations', () => {
    const iterations = 10_000;
    const random = createHash('shake128', { outputLength: iterations * (32 + 24 + 2 + 2 * 255) }).digest();
    const outputs = createHash('shake128', { outputLength: 32 });
    let offset = 0;
    const read = (length: number): Uint8Array => random.subarray(offset, (offset += length));
    const readShort = (): Uint8Array => read(read(1)[0]!);
    for (let i = 0; i < iterations; i++) {
      const key = SecretBytes.copyOf(read(32));
      const iterationNonce = read(24);
      const plaintext = SecretBytes.copyOf(readShort());
      const aad = readShort();
      const sealed = sealXaes(key, plaintext, aad, { nonce: iterationNonce });
      outputs.update(sealed.subarray(24));
      if (!openXaes(key, sealed, aad).equals(plaintext)) throw new Error(`Iteration ${i} does not open`);
    }
    expect(outputs.digest('hex')).toBe('e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939');
  });
});

/** The construction written a second time, on another implementation of AES. */
function nobleXaes(key: Uint8Array, n: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const expanded = unsafe.expandKeyLE(key);
  const aes = (block: Uint8Array): Uint8Array => {
    const words = new Uint32Array(block.slice().buffer);
    const { s0, s1, s2, s3 } = unsafe.encrypt(expanded, words[0]!, words[1]!, words[2]!, words[3]!);
    return new Uint8Array(Uint32Array.of(s0, s1, s2, s3).buffer);
  };
  let l = BigInt(`0x${hex(aes(new Uint8Array(16)))}`) << 1n;
  if (l >> 128n) l = (l & ((1n << 128n) - 1n)) ^ 0x87n;
  const k1 = Buffer.from(l.toString(16).padStart(32, '0'), 'hex');
  const half = (counter: number): Uint8Array =>
    aes(Uint8Array.of(0, counter, 0x58, 0, ...n.subarray(0, 12)).map((byte, i) => byte ^ k1[i]!));
  return gcm(Uint8Array.of(...half(1), ...half(2)), n.subarray(12), aad).encrypt(plaintext);
}

const bytes = (min: number, max = min) => fc.uint8Array({ minLength: min, maxLength: max });

property.prop([bytes(32), bytes(24), bytes(0, 100), bytes(0, 100)])(
  'agrees with an independent implementation',
  (key, n, plaintext, aad) => {
    const sealed = sealXaes(SecretBytes.copyOf(key), SecretBytes.copyOf(plaintext), aad, { nonce: n });
    expect(hex(sealed)).toBe(hex(n) + hex(nobleXaes(key, n, plaintext, aad)));
  },
);

describe('what does not open', () => {
  const sealed = sealXaes(secretOf(1), secretOf(9), text('aad'));

  it('any flipped byte', async () => {
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice();
      changed[i]! ^= 0x40;
      expect(await codeOf(() => openXaes(secretOf(1), changed, text('aad')))).toBe('not_authentic');
    }
  });

  it('another key, another aad', async () => {
    expect(await codeOf(() => openXaes(secretOf(2), sealed, text('aad')))).toBe('not_authentic');
    expect(await codeOf(() => openXaes(secretOf(1), sealed, text('aae')))).toBe('not_authentic');
    expect(await codeOf(() => openXaes(secretOf(1), sealed, nothing))).toBe('not_authentic');
  });

  it('truncated or extended bytes', async () => {
    for (const length of [0, 24, 39]) {
      expect(await codeOf(() => openXaes(secretOf(1), sealed.subarray(0, length), text('aad')))).toBe('malformed');
    }
    expect(await codeOf(() => openXaes(secretOf(1), sealed.subarray(0, 40), text('aad')))).toBe('not_authentic');
    expect(await codeOf(() => openXaes(secretOf(1), Uint8Array.of(...sealed, 0), text('aad')))).toBe('not_authentic');
  });

  it('with a key of another size', async () => {
    const short = SecretBytes.random(16);
    expect(await codeOf(() => openXaes(short, sealed, text('aad')))).toBe('wrong_key');
    expect(await codeOf(() => sealXaes(short, secretOf(9), text('aad')))).toBe('wrong_key');
  });
});

it('draws a nonce of its own each time', () => {
  const seal = () => hex(sealXaes(secretOf(1), message, nothing).subarray(0, 24));
  expect(new Set(Array.from({ length: 100 }, seal)).size).toBe(100);
});
