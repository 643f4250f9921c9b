import { beforeAll, describe, expect, it } from 'vitest';
import { streamOf, type ByteRange } from '@coffer/bytes';
import { commitmentIn } from './blob-layout.ts';
import { openBlob } from './open-blob.ts';
import { openBlobBytes, openBlobRange, type BlobSource } from './open-blob.ts';
import { sealBlob } from './seal-blob.ts';
import { anyOf, inPieces, outcomeOf, patternOf, secretOf, sourceOf, whole } from './test-support.ts';

const chunk = 16_384;
const sealedChunk = 16_400;
const headerLength = 56;
const length = 6 * chunk + 100;
const context = { fileId: 'file', partNumber: 1 };
const key = secretOf(7);
const plaintext = patternOf(length);
const other = patternOf(length, 2);

let blob: Uint8Array;
let otherBlob: Uint8Array;
beforeAll(async () => {
  blob = await whole(sealBlob(streamOf(plaintext), key, context));
  otherBlob = await whole(sealBlob(streamOf(other), key, context));
});

const chunkAt = (bytes: Uint8Array, i: number): Uint8Array =>
  bytes.subarray(headerLength + i * sealedChunk, headerLength + (i + 1) * sealedChunk);
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** Opens in several cuts: always refused, and what was released before is a true prefix of at most `intact` bytes. */
async function expectRefused(tampered: Uint8Array, intact: number, where = context): Promise<void> {
  for (const cut of [tampered.length + 1, 16_400, 65_536, 9_999]) {
    const { released, code } = await outcomeOf(() => openBlob(inPieces(tampered, cut), key, where));
    if (code !== 'not_authentic') throw new Error(`Opened with ${String(code)}`);
    expect(released.length).toBeLessThanOrEqual(intact);
    expect(Buffer.compare(released, plaintext.subarray(0, released.length))).toBe(0);
  }
}

async function rangeOutcome(source: BlobSource, range: ByteRange, where = context, plaintextLength = length) {
  return outcomeOf(() => openBlobRange(source, key, where, { plaintextLength, commitment: null }, range));
}

describe('another blob of the same file and part', () => {
  const range = { start: 0, length };
  const ways = {
    'as a stream': (commitment: Uint8Array) => openBlob(inPieces(otherBlob, 9_999), key, context, commitment),
    'at random': (commitment: Uint8Array) =>
      openBlobRange(sourceOf(otherBlob), key, context, { plaintextLength: length, commitment }, range),
    'in memory': (commitment: Uint8Array) =>
      inOrder(openBlobBytes(otherBlob, key, context, { plaintextLength: length, commitment }, range)),
  };
  it.each(Object.entries(ways))('opens by its own commitment only: %s', async (_, open) => {
    const { released, code } = await outcomeOf(() => open(commitmentIn(otherBlob)));
    expect([code, Buffer.compare(released, other)]).toEqual([undefined, 0]);
    for (const commitment of [commitmentIn(blob), commitmentIn(otherBlob).subarray(1), new Uint8Array(0)])
      expect(await outcomeOf(() => open(commitment))).toEqual({ released: new Uint8Array(0), code: 'not_authentic' });
  });
});

describe('a changed blob', () => {
  it('is refused for every header byte, before anything is released', async () => {
    for (let i = 0; i < headerLength; i++) {
      const tampered = blob.slice();
      tampered[i]! ^= 1;
      await expectRefused(tampered, 0);
      for (const count of [0, 1, length])
        expect(await rangeOutcome(sourceOf(tampered), { start: 0, length: count })).toEqual({
          released: new Uint8Array(0),
          code: 'not_authentic',
        });
    }
  });

  it('is refused for each chunk’s first and last byte and each byte of its tag', async () => {
    for (let i = 0; i < 7; i++) {
      const [start, end] = [
        headerLength + i * sealedChunk,
        Math.min(blob.length, headerLength + (i + 1) * sealedChunk),
      ];
      for (const at of [start, end - 17, ...Array.from({ length: 16 }, (_, k) => end - 16 + k)]) {
        const tampered = blob.slice();
        tampered[at]! ^= 0x80;
        await expectRefused(tampered, i * chunk);
        const from = i * chunk;
        const damaged = await rangeOutcome(sourceOf(tampered), { start: from + 1, length: 3 });
        expect(damaged).toEqual({ released: new Uint8Array(0), code: 'not_authentic' });
      }
    }
  });

  it('still gives ranges in the chunks that are not damaged', async () => {
    const tampered = blob.slice();
    tampered[headerLength + sealedChunk]! ^= 1;
    const { released, code } = await rangeOutcome(sourceOf(tampered), { start: 2 * chunk, length: chunk });
    expect(code).toBeUndefined();
    expect(Buffer.compare(released, plaintext.subarray(2 * chunk, 3 * chunk))).toBe(0);
  });

  it('is refused when cut off at, before and behind every boundary', async () => {
    const boundaries = [
      0,
      24,
      headerLength,
      ...Array.from({ length: 7 }, (_, i) => headerLength + i * sealedChunk),
      blob.length,
    ];
    for (const at of boundaries.flatMap((boundary) => [
      boundary - 17,
      boundary - 16,
      boundary - 1,
      boundary,
      boundary + 1,
    ])) {
      if (at < 0 || at >= blob.length) continue;
      await expectRefused(blob.subarray(0, at), Math.max(0, Math.floor((at - headerLength) / sealedChunk)) * chunk);
      const range = await rangeOutcome(sourceOf(blob.subarray(0, at)), { start: 0, length: 1 });
      expect(range).toEqual({ released: new Uint8Array(0), code: 'not_authentic' });
    }
  });

  it('is refused when something was added', async () => {
    const extras = [
      Uint8Array.of(0),
      new Uint8Array(16),
      new Uint8Array(sealedChunk),
      chunkAt(blob, 6),
      chunkAt(blob, 0),
      blob,
    ];
    for (const extra of extras) await expectRefused(joined(blob, extra), 6 * chunk);
  });

  it('is refused when chunks change places, repeat or are missing', async () => {
    const header = blob.subarray(0, headerLength);
    const chunks = Array.from({ length: 7 }, (_, i) => chunkAt(blob, i));
    for (const [order, intact] of [
      [[1, 0, 2, 3, 4, 5, 6], 0],
      [[0, 1, 2, 4, 3, 5, 6], 3],
      [[0, 0, 1, 2, 3, 4, 6], 1],
      [[0, 1, 2, 3, 4, 6], 5],
      [[0, 1, 2, 3, 4, 5, 5, 6], 6],
      [[6], 0],
    ] as const)
      await expectRefused(joined(header, ...order.map((i) => chunks[i]!)), intact * chunk);
  });

  it('is refused with a chunk or header of another blob of the same part', async () => {
    for (let i = 0; i < 7; i++) {
      const tampered = blob.slice();
      tampered.set(chunkAt(otherBlob, i), headerLength + i * sealedChunk);
      await expectRefused(tampered, i * chunk);
    }
    await expectRefused(joined(otherBlob.subarray(0, headerLength), blob.subarray(headerLength)), 0);
  });
});

describe('a moved blob', () => {
  it.each([
    ['another file', { fileId: 'file2', partNumber: 1 }],
    ['another part', { fileId: 'file', partNumber: 2 }],
    ['a regular file', { fileId: 'file', partNumber: 0 }],
  ])('does not open as %s', async (_, where) => {
    await expectRefused(blob, 0, where);
    const moved = await rangeOutcome(sourceOf(blob), { start: 0, length }, where);
    expect(moved).toEqual({ released: new Uint8Array(0), code: 'not_authentic' });
  });

  it('does not open with another file key', async () => {
    const { released, code } = await outcomeOf(() => openBlob(streamOf(blob), secretOf(8), context));
    expect({ released, code }).toEqual({ released: new Uint8Array(0), code: 'not_authentic' });
  });
});

describe('a range read', () => {
  const range = { start: 10, length: 3 * chunk };

  it.each([length - 1, length + 1, length + chunk, 3 * chunk + 10])(
    'of a blob said to have %i bytes reads nothing',
    async (said) => {
      let reads = 0;
      const source = {
        length: blob.length,
        read: () => {
          reads++;
          return streamOf(blob);
        },
      };
      const { released, code } = await rangeOutcome(source, range, context, said);
      expect({ released: released.length, code, reads }).toEqual({ released: 0, code: 'not_authentic', reads: 0 });
    },
  );

  it.each([-1, -16, -sealedChunk, 1, sealedChunk])(
    'is refused when the store gives %i bytes too many',
    async (surplus) => {
      const source = {
        length: blob.length,
        read: ({ start, length: count }: ByteRange) =>
          streamOf(blob.subarray(start, start + count + (start === 0 ? 0 : surplus))),
      };
      const { released, code } = await rangeOutcome(source, { start: chunk, length: 2 * chunk });
      expect(code).toBe('not_authentic');
      expect(Buffer.compare(released, plaintext.subarray(chunk, chunk + released.length))).toBe(0);
    },
  );
});

describe('a blob in memory', () => {
  const flipped = (at: number) => {
    const tampered = blob.slice();
    tampered[at]! ^= 1;
    return tampered;
  };
  const ranges = [
    { start: 0, length },
    { start: chunk - 1, length: 2 },
    { start: length, length: 0 },
  ];
  const tamperings: readonly [string, () => Uint8Array][] = [
    ['left as it is', () => blob],
    ...[0, headerLength - 1, headerLength, headerLength + sealedChunk, headerLength + 2 * sealedChunk - 1].map(
      (at): [string, () => Uint8Array] => [`changed at ${at}`, () => flipped(at)],
    ),
    ['cut short', () => blob.slice(0, -1)],
    ['extended', () => Uint8Array.of(...blob, 0)],
    ['empty', () => new Uint8Array(0)],
  ];

  it.each(tamperings)('%s opens as far, and fails, as one that is read', async (_, tamper) => {
    const tampered = tamper();
    for (const range of ranges) {
      const pieces = () => inOrder(openBlobBytes(tampered, key, context, anyOf(length), range));
      expect(await outcomeOf(pieces)).toEqual(await rangeOutcome(sourceOf(tampered), range));
    }
  });

  it('does not open with another file key, nor for another part', async () => {
    const range = { start: 0, length };
    for (const [otherKey, where] of [
      [secretOf(8), context],
      [key, { ...context, partNumber: 2 }],
    ] as const) {
      const { released, code } = await outcomeOf(() =>
        inOrder(openBlobBytes(blob, otherKey, where, anyOf(length), range)),
      );
      expect({ released, code }).toEqual({ released: new Uint8Array(0), code: 'not_authentic' });
    }
  });
});

async function* inOrder(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield* pieces;
}
