import { createHash } from 'node:crypto';
import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { findBinding } from './native-binding.ts';
import { nativeEngine, type NativeEngine } from './native-engine.ts';

const found = nativeEngine();
const missing = 'missing' in found ? found.missing : '';
const skipped = missing !== '' && process.env['COFFER_NATIVE'] !== 'required';
const digestsOf: NativeEngine['digestsOf'] = (wanted) => (found as NativeEngine).digestsOf(wanted);

const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('hex');
const expected = (name: 'sha1' | 'md5', wanted: boolean | undefined, pieces: readonly Uint8Array[]): string | null =>
  wanted === true ? createHash(name).update(Buffer.concat(pieces)).digest('hex') : null;

describe.skipIf(skipped)(`native digests${skipped ? ` (skipped: ${missing})` : ''}`, () => {
  property.prop(
    [
      fc.record({ sha1: fc.boolean(), md5: fc.boolean() }, { requiredKeys: [] }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.boolean()), { maxLength: 6 }),
    ],
    { numRuns: 100 },
  )('are those of node:crypto, here and aside, however the bytes are cut', async (wanted, cuts) => {
    const digests = digestsOf(wanted);
    const pieces = cuts.map(([length], seed) => Uint8Array.from({ length }, (_, i) => (i * 13 + seed) & 0xff));
    for (const [i, piece] of pieces.entries())
      if (cuts[i]?.[1] === true) await digests.updateAside(piece);
      else digests.update(piece);
    const { sha1, md5 } = digests.finish();
    expect(hex(sha1)).toBe(expected('sha1', wanted.sha1, pieces));
    expect(hex(md5)).toBe(expected('md5', wanted.md5, pieces));
  });

  it('refuse every other call while they are at work aside, and stay right', async () => {
    const digests = digestsOf({ sha1: true });
    const bytes = new Uint8Array(1_000_000).fill(3);
    const done = digests.updateAside(bytes);
    const atWork = 'The digests are still at work on the bytes before';
    expect(() => {
      digests.update(bytes);
    }).toThrow(atWork);
    expect(() => digests.finish()).toThrow(atWork);
    await expect(digests.updateAside(bytes)).rejects.toThrow(atWork);
    await done;
    expect(hex(digests.finish().sha1)).toBe(expected('sha1', true, [bytes]));
  });

  it('can go on for several streams at a time', async () => {
    const sums = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const digests = digestsOf({ md5: true });
        for (let round = 0; round < 3; round++) await digests.updateAside(new Uint8Array(50_000).fill(i));
        return hex(digests.finish().md5);
      }),
    );
    expect(sums).toEqual(sums.map((_, i) => expected('md5', true, [new Uint8Array(150_000).fill(i)])));
  });

  it('take nothing after they were finished', async () => {
    const digests = digestsOf({ sha1: true, md5: true });
    digests.finish();
    expect(() => {
      digests.update(new Uint8Array(1));
    }).toThrow('The digests are finished');
    expect(() => digests.finish()).toThrow('The digests are finished');
    await expect(digests.updateAside(new Uint8Array(1))).rejects.toThrow('The digests are finished');
  });

  it.each<[string, () => unknown]>([
    ['shared memory', () => new Uint8Array(new SharedArrayBuffer(10))],
    ['what is no Uint8Array', () => 'text'],
    ['nothing', () => undefined],
  ])('refuse %s', async (_, make) => {
    const digests = digestsOf({ sha1: true });
    expect(() => {
      digests.update(make() as Uint8Array);
    }).toThrow(TypeError);
    await expect(digests.updateAside(make() as Uint8Array)).rejects.toThrow(TypeError);
    expect(hex(digests.finish().sha1)).toBe(expected('sha1', true, []));
  });

  const odd: fc.Arbitrary<unknown> = fc.oneof(
    fc.constantFrom<unknown>(undefined, null, 1, 'text', {}, [], Symbol('odd'), true, 2n),
    fc.nat(1_000).map((size) => new Uint8Array(size)),
    fc.nat(100).map((size) => new Float64Array(size)),
    fc.nat(100).map((size) => new DataView(new ArrayBuffer(size))),
  );
  property.prop([fc.array(odd, { maxLength: 3 }), fc.array(fc.tuple(fc.nat(2), odd), { maxLength: 5 })], {
    numRuns: 500,
  })('answer or refuse, whatever the library is called with', async (made, calls) => {
    const library = findBinding();
    if (!('binding' in library)) throw new TypeError(library.missing);
    type Loose = Record<string, (...args: readonly unknown[]) => unknown>;
    const attempt = async (run: () => unknown): Promise<void> => {
      try {
        await run();
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    };
    const Made = library.binding.Digests as unknown as new (...args: readonly unknown[]) => Loose;
    const digests: Loose[] = [];
    await attempt(() => digests.push(new Made(...made)));
    // Not one after the other: whoever comes while another is at work is refused.
    await Promise.all(
      digests.flatMap((one) =>
        calls.map(([which, argument]) =>
          attempt(() => one[['update', 'updateAside', 'finish'][which] ?? '']?.(argument)),
        ),
      ),
    );
  });
});
