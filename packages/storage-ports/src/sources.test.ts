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

test('random bytes are given once, whatever lengths they are asked for in', () => {
  const lengths = [16, 3, 0, 511, 512, 513, 5000, ...Array.from({ length: 1000 }, () => 16)];
  const given = lengths.map((length) => systemRandom.bytes(length));
  expect(given.map(({ length }) => length)).toEqual(lengths);
  // A part of 16 bytes that came twice would be found by its first 8.
  const starts = given
    .filter(({ length }) => length >= 8)
    .map((bytes) => Buffer.from(bytes.subarray(0, 8)).toString('hex'));
  expect(new Set(starts).size).toBe(starts.length);
  const first = given[0]?.slice();
  given[1]?.fill(0);
  expect(given[0]).toEqual(first);
});

test('a store error has a code, a name and a cause', () => {
  const cause = new Error('inner');
  const error = new StoreError('io', 'outer', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'StoreError', code: 'io', message: 'outer', cause });
});
