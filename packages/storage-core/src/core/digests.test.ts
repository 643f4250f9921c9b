import fc from 'fast-check';
import { expect, test } from 'vitest';
import { md5Of, sampleBytes, sha1Of } from '../../test/fixture.ts';
import { LateDigests } from '../../test/late-digests.ts';
import { Digests } from './digests.ts';

const kibibyte = 1024;
const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex');

test('property: however a stream is cut, its digests are those of node:crypto', async () => {
  const lengths = fc.array(fc.oneof(fc.nat(100), fc.nat(80 * kibibyte)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      lengths,
      fc.boolean(),
      fc.boolean(),
      fc.nat(2),
      fc.boolean(),
      async (cuts, sha1, md5, n, known) => {
        const data = sampleBytes(cuts.reduce((sum, length) => sum + length, 0));
        const engine = new LateDigests(n);
        const digests = new Digests(engine).of({ sha1, md5 }, known ? data.length : Infinity);
        let at = 0;
        for (const length of cuts) await digests.update(data.subarray(at, (at += length)));
        const finished = digests.finish();
        expect([hex(finished.sha1), hex(finished.md5)]).toEqual([sha1 ? sha1Of(data) : null, md5 ? md5Of(data) : null]);
        const large = cuts.filter((length) => length >= 32 * kibibyte).length;
        expect(engine.seen.aside).toBe(n > 0 && (!known || data.length >= 256 * kibibyte) ? large : 0);
      },
    ),
    { numRuns: 60 },
  );
});

test.each([1, 2])('never more than %i pieces are digested aside at once; the others are digested here', async (n) => {
  const engine = new LateDigests(n);
  const digests = new Digests(engine);
  const sums = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      const one = digests.of({ sha1: true, md5: false }, Infinity);
      for (let piece = 0; piece < 5; piece++) await one.update(sampleBytes(64 * kibibyte, i));
      return hex(one.finish().sha1);
    }),
  );
  const expected = (i: number) => sha1Of(Buffer.concat(Array.from({ length: 5 }, () => sampleBytes(64 * kibibyte, i))));
  expect(sums).toEqual(sums.map((_, i) => expected(i)));
  expect(engine.seen).toMatchObject({ most: n, now: 0 });
  expect(engine.seen.aside).toBeLessThan(30);
});

test('after a piece that failed aside, the next one may be digested aside again', async () => {
  const engine = new LateDigests(1, 1);
  const digests = new Digests(engine);
  const piece = sampleBytes(64 * kibibyte);
  await expect(digests.of({ sha1: true, md5: true }, Infinity).update(piece)).rejects.toThrow('transferred');
  const next = digests.of({ sha1: true, md5: true }, Infinity);
  await next.update(piece);
  expect(engine.seen.aside).toBe(2);
  expect(hex(next.finish().md5)).toBe(md5Of(piece));
});

test.each([
  ['a short stream', new LateDigests(1), 256 * kibibyte - 1],
  ['an engine without threads', new LateDigests(0), Infinity],
])('%s has nothing to do with the engine', (_, engine, length) => {
  const digests = new Digests(engine).of({ sha1: true, md5: true }, length);
  expect(digests.update(new Uint8Array(64 * kibibyte))).toBeUndefined();
  digests.finish();
  expect(engine.seen.begun).toBe(0);
});
