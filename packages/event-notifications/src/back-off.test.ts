import { expect, it } from 'vitest';
import { backOffMilliseconds } from './back-off.ts';

const backOff = { firstMilliseconds: 1_000, maximumMilliseconds: 60_000 };

it('doubles up to the maximum, less a random part of up to a half', () => {
  expect([1, 2, 3, 6, 7, 50, 5_000].map((attempts) => backOffMilliseconds(attempts, backOff, 0))).toEqual([
    1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
  ]);
  expect(backOffMilliseconds(3, backOff, 0.5)).toBe(3_000);
  expect(backOffMilliseconds(3, backOff, 0.999_999)).toBeGreaterThanOrEqual(2_000);
});
