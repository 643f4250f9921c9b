import assert from 'node:assert/strict';
import { CHUNK_LENGTH, MAX_CHUNKS, TAG_LENGTH } from '../blob-layout.ts';
import type { ChunkEngine } from '../chunk-engine.ts';
import { bothWays, key, nonce, withWorker, type ChunkEngineCheck, type Way } from './run.ts';

/** Lengths of plaintext and sealed bytes that no run has. */
const impossible: readonly (readonly [plaintext: number, sealed: number])[] = [
  [0, 0],
  [0, 15],
  [0, 17],
  [1, 16],
  [16, 16],
  [100, 100],
  [100, 115],
  [100, 117],
  [100, 84],
  [100, 132],
  [CHUNK_LENGTH + 1, CHUNK_LENGTH + 1 + TAG_LENGTH],
  [CHUNK_LENGTH, CHUNK_LENGTH + 3 * TAG_LENGTH],
  [CHUNK_LENGTH - 1, CHUNK_LENGTH - 1 + 2 * TAG_LENGTH],
  [3 * CHUNK_LENGTH, 3 * CHUNK_LENGTH + TAG_LENGTH],
];

export const argumentChecks: readonly ChunkEngineCheck[] = [
  {
    name: 'refuses lengths that no run of chunks has, before it writes',
    run: (engine) =>
      bothWays(engine, async (way) => {
        for (const [plaintext, sealed] of impossible)
          await refused(engine, way, 0, new Uint8Array(plaintext), new Uint8Array(sealed), RangeError);
      }),
  },
  {
    name: 'refuses places beyond the format’s limit, before it writes',
    run: (engine) =>
      bothWays(engine, async (way) => {
        const odd = [
          MAX_CHUNKS,
          MAX_CHUNKS + 1,
          2 ** 53,
          -1,
          -0.5,
          0.5,
          Number.NaN,
          Infinity,
          '0',
          null,
          undefined,
          0n,
        ];
        for (const first of odd as readonly number[])
          await refused(engine, way, first, new Uint8Array(0), new Uint8Array(TAG_LENGTH), RangeError);
        const two = [new Uint8Array(CHUNK_LENGTH), new Uint8Array(CHUNK_LENGTH + 2 * TAG_LENGTH)] as const;
        await refused(engine, way, MAX_CHUNKS - 1, ...two, RangeError);
        await withWorker(engine, (worker) => way.seal(worker, MAX_CHUNKS - 2, ...two));
      }),
  },
  {
    name: 'refuses arrays that overlap',
    run: (engine) =>
      bothWays(engine, async (way) => {
        const memory = new Uint8Array(2_000);
        for (const start of [0, 85, 99, 100, 101, 199].map((at) => at + 100))
          await refused(engine, way, 0, memory.subarray(200, 300), memory.subarray(start, start + 116), RangeError);
      }),
  },
  {
    name: 'refuses shared, resizable and transferred memory, and what is no Uint8Array',
    run: (engine) =>
      bothWays(engine, async (way) => {
        const [plaintext, sealed] = [() => new Uint8Array(100), () => new Uint8Array(116)];
        for (const odd of oddMemories(100)) await refused(engine, way, 0, odd, sealed(), TypeError);
        for (const odd of oddMemories(116)) await refused(engine, way, 0, plaintext(), odd, TypeError);
      }),
  },
  {
    name: 'refuses keys and base nonces of other lengths',
    run: async (engine) => {
      for (const length of [0, 16, 24, 31, 33])
        assert.throws(() => engine.chunksOf(new Uint8Array(length), nonce), { code: 'wrong_key' });
      for (const length of [0, 11, 13, 16])
        assert.throws(() => engine.chunksOf(key, new Uint8Array(length)), RangeError);
      await Promise.resolve();
    },
  },
];

/** Neither sealing nor opening takes it, and both leave everything as it was. */
async function refused(
  engine: ChunkEngine,
  way: Way,
  first: number,
  plaintext: Uint8Array,
  sealed: Uint8Array,
  error: typeof RangeError | typeof TypeError,
): Promise<void> {
  const before = [bytesOf(plaintext), bytesOf(sealed)];
  await withWorker(engine, async (worker) => {
    await assert.rejects(way.seal(worker, first, plaintext, sealed), error);
    await assert.rejects(way.open(worker, first, sealed, plaintext), error);
  });
  assert.deepEqual([bytesOf(plaintext), bytesOf(sealed)], before);
}

/** Every byte of the memory that an array is part of. */
function bytesOf(odd: Partial<Uint8Array> | null | undefined): Uint8Array | string {
  return odd?.buffer instanceof ArrayBuffer && odd.buffer.byteLength > 0 ? new Uint8Array(odd.buffer).slice() : '';
}

/** Arrays of `length` bytes, as far as that can be said of them, that no engine takes. */
function oddMemories(length: number): Uint8Array[] {
  const transferred = new Uint8Array(length);
  structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
  const ResizableBuffer = ArrayBuffer as new (size: number, options: { maxByteLength: number }) => ArrayBuffer;
  const odd: unknown[] = [
    new Uint8Array(new SharedArrayBuffer(length)),
    new Uint8Array(new ResizableBuffer(length, { maxByteLength: 2 * length })),
    transferred,
    new Uint8ClampedArray(length),
    new DataView(new ArrayBuffer(length)),
    new ArrayBuffer(length),
    Array.from({ length }, () => 0),
    'x'.repeat(length),
    { length },
    null,
    undefined,
  ];
  return odd as Uint8Array[];
}
