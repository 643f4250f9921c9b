import { describe, expect, test } from 'vitest';
import { publicRandomBytes } from './public-random.ts';

describe('random bytes that need not stay secret', () => {
  test('have the length that was asked for, and memory of their own', () => {
    for (const length of [0, 1, 24, 512, 513, 5_000]) {
      const bytes = publicRandomBytes(length);
      expect(bytes).toHaveLength(length);
      expect(bytes.buffer.byteLength).toBe(length);
    }
  });

  test('are never given out twice, also where the supply is renewed', () => {
    const seen = new Set(Array.from({ length: 2_000 }, () => publicRandomBytes(24).toString()));
    expect(seen.size).toBe(2_000);
  });

  test('do not change when others are drawn', () => {
    const first = publicRandomBytes(24);
    const asItWas = first.toString();
    for (let i = 0; i < 1_000; i++) publicRandomBytes(24);
    expect(first.toString()).toBe(asItWas);
  });
});
