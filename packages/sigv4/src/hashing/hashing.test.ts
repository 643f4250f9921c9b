import { encodeHex } from '@coffer/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashing } from '#hashing';
import { hashing as noble } from './noble-hashing.ts';
import { hashing as node } from './node-hashing.ts';

const text = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) });

describe('hashing', () => {
  it('is that of Node where Node is', () => {
    expect(hashing).toBe(node);
  });

  it.each([
    ['node', node],
    ['noble', noble],
  ])('of %s has the published values', (_, digests) => {
    expect(digests.sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    // RFC 4231, test case 2.
    expect(encodeHex(digests.hmac(new TextEncoder().encode('Jefe'), 'what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('is the same in both', () => {
    fc.assert(
      fc.property(fc.uint8Array(), text, fc.array(fc.uint8Array()), (key, message, pieces) => {
        expect(noble.sha256Hex(message)).toBe(node.sha256Hex(message));
        expect(noble.sha256Hex(key)).toBe(node.sha256Hex(key));
        expect(encodeHex(noble.hmac(key, message))).toBe(encodeHex(node.hmac(key, message)));
        const [one, other] = [noble.startSha256(), node.startSha256()];
        for (const piece of pieces) for (const running of [one, other]) running.update(piece);
        expect(one.hex()).toBe(other.hex());
      }),
    );
  });
});
