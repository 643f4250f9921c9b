import { expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

it('doubles up to its bound, and begins anew', () => {
  const backoff = new Backoff(10, 50, () => 1);
  expect([1, 2, 3, 4].map(() => backoff.next())).toEqual([10, 20, 40, 50]);
  backoff.reset();
  expect(backoff.next()).toBe(10);
});

it('waits at least half of the time', () => {
  expect(new Backoff(10, 50, () => 0).next()).toBe(5);
});
