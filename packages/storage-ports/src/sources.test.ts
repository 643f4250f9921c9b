import { expect, test } from 'vitest';
import { StoreError, systemClock, systemRandom } from './index.ts';

test('the machine’s clock and random source', () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
  expect(systemRandom.bytes(0).length).toBe(0);
  expect(systemRandom.bytes(32)).not.toEqual(systemRandom.bytes(32));
});

test('a store error has a code, a name and a cause', () => {
  const cause = new Error('inner');
  const error = new StoreError('io', 'outer', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'StoreError', code: 'io', message: 'outer', cause });
});
