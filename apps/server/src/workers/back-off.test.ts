import { expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

it('doubles up to half a minute, and begins anew after a sound life', () => {
  const backOff = new BackOff();
  expect(backOff.delayMs).toBe(0);
  const delays = Array.from({ length: 12 }, () => {
    backOff.failed(0);
    return backOff.delayMs;
  });
  expect(delays.slice(0, 4)).toEqual([100, 200, 400, 800]);
  expect(delays.at(-1)).toBe(30_000);
  backOff.failed(60_000);
  expect(backOff.delayMs).toBe(100);
});
