import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ChunkNonces } from './chunk-nonces.ts';

const big = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

describe('the nonces of a blob', () => {
  property.prop([fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.integer({ min: 0, max: 2 ** 38 - 1 })])(
    'are the base nonce XOR the place',
    (base, index) => {
      expect(big(new ChunkNonces(base).at(index))).toBe(big(base) ^ BigInt(index));
    },
  );

  it.each([2 ** 38, 2 ** 53, -1, 0.5, Number.NaN])('refuses place %d', (index) => {
    expect(() => new ChunkNonces(new Uint8Array(12)).at(index)).toThrow(RangeError);
  });

  it('do not build on each other, nor on the bytes they were made from', () => {
    const base = new Uint8Array(12).fill(0xa5);
    const nonces = new ChunkNonces(base);
    base.fill(0);
    const places = [0, 1, 2 ** 38 - 1, 2 ** 32, 7, 0];
    const expected = places.map((place) => big(new Uint8Array(12).fill(0xa5)) ^ BigInt(place));
    expect(places.map((place) => big(nonces.at(place)))).toEqual(expected);
  });

  it.each([11, 13])('need a base of 12 bytes, not %d', (length) => {
    expect(() => new ChunkNonces(new Uint8Array(length))).toThrow(RangeError);
  });
});
