import { describe, expect, test } from 'vitest';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import { startTime } from '../../test/fixture.ts';
import { creationTimeOf, isPossibleId, makeApplicationKeyId, makeBlobId, makeFileId } from './identifiers.ts';

describe('file ids', () => {
  const clock = fixedClock(startTime);
  const sources = { clock, random: seededRandom('ids') };
  const bucketId = '0123456789abcdef01234567';

  test('have B2’s shape and say when they were made', () => {
    const id = makeFileId(sources, bucketId, 'large');
    expect(id).toMatch(/^4_z0123456789abcdef01234567_f2[0-9a-f]{16}_d20260102_m030405_c001_v[0-9]{7}_t[0-9]{4}$/);
    expect(makeFileId(sources, bucketId, 'small')).toContain('_f1');
    expect(creationTimeOf(id)).toBe(startTime);
    expect(creationTimeOf(`${id}x`)).toBeUndefined();
    expect(isPossibleId(id)).toBe(true);
  });

  test('sort by time', () => {
    const ids = Array.from({ length: 100 }, () => {
      clock.advance(1);
      return makeFileId(sources, bucketId, 'large');
    });
    expect(ids.toSorted()).toEqual(ids);
  });

  test('differ within a moment', () => {
    const ids = Array.from({ length: 2_000 }, () => makeFileId(sources, bucketId, 'small'));
    expect(new Set(ids).size).toBe(2_000);
  });
});

test('blob ids are what blob stores take', () => {
  expect(makeBlobId({ random: seededRandom(1) }, null)).toMatch(/^[0-9a-f]{32}$/);
});

test.each(['', ' ', 'a b', 'x'.repeat(201), 'ä', '\u0000'])('no record has the id %j', (id) => {
  expect(isPossibleId(id)).toBe(false);
});

describe('application key ids', () => {
  const random = seededRandom('key ids');
  const ids = Array.from({ length: 1_000 }, () => makeApplicationKeyId({ random }, '0123456789ab'));

  test('have B2’s look', () => {
    for (const id of ids) expect(id).toMatch(/^001012345[0-9a-f]{16}$/);
  });

  test('hold 64 random bits, each of which changes', () => {
    const numbers = ids.map((id) => BigInt(`0x${id.slice(9)}`));
    const ones = Array.from(
      { length: 64 },
      (_, bit) => numbers.filter((number) => (number >> BigInt(bit)) & 1n).length,
    );
    // One in 10^9 seeds has a bit outside of these; this seed has none.
    for (const count of ones) expect(Math.abs(count - 500)).toBeLessThan(100);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
