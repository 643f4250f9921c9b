import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { chunkNonce } from './chunk-nonce.ts';

const big = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

describe('chunkNonce', () => {
  property.prop([fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.integer({ min: 0, max: 2 ** 38 - 1 })])(
    'is the base nonce XOR the place',
    (base, index) => {
      expect(big(chunkNonce(base, index))).toBe(big(base) ^ BigInt(index));
    },
  );

  it.each([2 ** 38, 2 ** 53, -1, 0.5, Number.NaN])('refuses place %d', (index) => {
    expect(() => chunkNonce(new Uint8Array(12), index)).toThrow(RangeError);
  });
});
