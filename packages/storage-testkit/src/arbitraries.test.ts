import { concatBytes } from '@coffer/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketNames, cutPayloads, fileInfos, fileNames, fixedClock, payloads, seededRandom } from './index.ts';

test('file names keep the rules of B2', () => {
  fc.assert(
    fc.property(fileNames(), (name) => {
      const length = new TextEncoder().encode(name).length;
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(1_024);
      // eslint-disable-next-line no-control-regex -- control characters are what names must not have
      expect(name).not.toMatch(/[\u0000-\u001f\u007f]|^\/|\/$|\/\//);
    }),
  );
});

test('bucket names and file infos keep the rules of B2', () => {
  fc.assert(
    fc.property(bucketNames(), fileInfos(), (bucket, info) => {
      expect(bucket).toMatch(/^(?!b2-)[A-Za-z0-9-]{6,63}$/);
      expect(Object.keys(info).length).toBeLessThanOrEqual(10);
    }),
  );
});

test('payloads often end near a chunk’s border', () => {
  const sizes = fc.sample(payloads(), { numRuns: 300, seed: 1 }).map((payload) => payload.length);
  for (const size of [0, 16_383, 16_384, 16_385]) expect(sizes).toContain(size);
});

test('the pieces of a cutting make up the payload', () => {
  fc.assert(
    fc.property(cutPayloads({ maximumLength: 40_000 }), ({ payload, pieces }) => {
      expect(Buffer.compare(concatBytes(pieces), payload)).toBe(0);
    }),
  );
});

test('a fixed clock moves when told, either way', () => {
  const clock = fixedClock(1_000);
  expect(clock.now()).toBe(1_000);
  clock.advance(5);
  clock.advance(-10);
  expect(clock.now()).toBe(995);
});

test('seeded random bytes are the same for the same seed, and differ from call to call', () => {
  const [a, b] = [seededRandom('x'), seededRandom('x')];
  const first = a.bytes(40);
  expect(b.bytes(40)).toEqual(first);
  expect(a.bytes(40)).not.toEqual(first);
  expect(seededRandom('y').bytes(40)).not.toEqual(first);
  expect(first.length).toBe(40);
});
