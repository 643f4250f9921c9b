import assert from 'node:assert/strict';
import { CHUNK_LENGTH, MAX_CHUNKS, SEALED_CHUNK_LENGTH, TAG_LENGTH } from './blob-layout.ts';
import { argumentChecks } from './engine-contract/arguments.ts';
import {
  bothWays,
  expectNotAuthentic,
  expectedRun,
  key,
  nonce,
  patternOf,
  sealedLengthOf,
  withWorker,
  type ChunkEngineCheck,
  type Way,
} from './engine-contract/run.ts';
import { tamperingChecks } from './engine-contract/tampering.ts';
import type { ChunkEngine } from './chunk-engine.ts';

export { compareEngines, type RunOfChunks } from './engine-contract/compare.ts';
export type { ChunkEngineCheck } from './engine-contract/run.ts';
export { keyEngineChecks, type KeyEngineCheck } from './engine-contract/keys.ts';
export { chunkVectorChecks } from './engine-contract/vectors.ts';

/** Plaintext lengths at which runs of chunks begin and end. */
const lengths = [0, 1, 15, 16, 17, 16_383, 16_384, 16_385, 32_768, 40_000, 262_144];
/** Places at which the counter crosses a byte, a word, or the end. */
const places = [0, 1, 255, 2 ** 16 - 1, 2 ** 31 - 1, 2 ** 32 - 2, 2 ** 32, 2 ** 37 + 5];

/**
 * The contract of the ChunkEngine port, for any test runner: run each check with the engine. Runs of random lengths and
 * places are for {@link compareEngines}, published vectors for {@link chunkVectorChecks}.
 */
export const chunkEngineChecks: readonly ChunkEngineCheck[] = [
  {
    name: 'seals runs of every length as the standard has it, and opens them',
    run: (engine) =>
      bothWays(engine, async (way) => {
        for (const length of lengths) await sealAndOpen(engine, way, 3, length);
      }),
  },
  {
    name: 'XORs the place into the base nonce, wherever a run begins',
    run: (engine) =>
      bothWays(engine, async (way) => {
        for (const first of places) await sealAndOpen(engine, way, first, 40_000);
        await sealAndOpen(engine, way, MAX_CHUNKS - 3, 2 * CHUNK_LENGTH + 5);
      }),
  },
  {
    name: 'seals an empty last chunk behind full ones',
    run: (engine) =>
      bothWays(engine, async (way) => {
        for (const full of [0, 1, 3]) await sealAndOpen(engine, way, 7, full * CHUNK_LENGTH, full + 1);
      }),
  },
  {
    name: 'keeps within its arrays, wherever they lie in their buffers',
    run: (engine) =>
      bothWays(engine, async (way) => {
        for (const offset of [0, 1, 7, 8, 33]) await sealWithin(engine, way, offset);
      }),
  },
  {
    name: 'takes arrays that lie side by side in one buffer',
    run: (engine) =>
      bothWays(engine, async (way) => {
        const length = 20_000;
        const memory = new Uint8Array(2 * length + 2 * TAG_LENGTH);
        const plaintext = memory.subarray(0, length);
        plaintext.set(patternOf(length));
        await withWorker(engine, (worker) => way.seal(worker, 0, plaintext, memory.subarray(length)));
        assert.deepEqual(Buffer.from(memory.subarray(length)), expectedRun(0, patternOf(length)));
        assert.deepEqual(plaintext, patternOf(length));
      }),
  },
  ...tamperingChecks,
  ...argumentChecks,
  {
    name: 'copies key and nonce, which its caller wipes',
    run: (engine) =>
      bothWays(engine, async (way) => {
        const [own, base] = [key.slice(), nonce.slice()];
        const worker = engine.chunksOf(own, base);
        own.fill(0);
        base.fill(0);
        const sealed = new Uint8Array(sealedLengthOf(100));
        await way.seal(worker, 0, patternOf(100), sealed);
        worker.discard();
        assert.deepEqual(Buffer.from(sealed), expectedRun(0, patternOf(100)));
      }),
  },
  {
    name: 'is of no use after it was discarded, and others are not touched by that',
    run: (engine) =>
      bothWays(engine, async (way) => {
        const [worker, other] = [engine.chunksOf(key, nonce), engine.chunksOf(key, nonce)];
        worker.discard();
        worker.discard();
        const sealed = new Uint8Array(TAG_LENGTH).fill(0xaa);
        await assert.rejects(way.seal(worker, 0, new Uint8Array(0), sealed), { code: 'secret_wiped' });
        await assert.rejects(way.open(worker, 0, sealed, new Uint8Array(0)), { code: 'secret_wiped' });
        assert.ok(sealed.every((byte) => byte === 0xaa));
        await way.seal(other, 0, new Uint8Array(0), sealed);
        assert.deepEqual(Buffer.from(sealed), expectedRun(0, new Uint8Array(0)));
        other.discard();
      }),
  },
  {
    name: 'ends what it began, after it was discarded as well',
    run: (engine) =>
      bothWays(engine, async (way) => {
        const worker = engine.chunksOf(key, nonce);
        const plaintext = patternOf(262_144);
        const sealed = new Uint8Array(sealedLengthOf(plaintext.length));
        const done = way.seal(worker, 0, plaintext, sealed);
        worker.discard();
        await done;
        assert.deepEqual(Buffer.from(sealed), expectedRun(0, plaintext));
      }),
  },
  {
    name: 'does several runs at a time, each with its own key and outcome',
    run: (engine) =>
      bothWays(engine, async (way) => {
        await Promise.all(Array.from({ length: 24 }, (_, i) => oneOfMany(engine, way, i)));
      }),
  },
];

async function sealAndOpen(engine: ChunkEngine, way: Way, first: number, length: number, count?: number) {
  const plaintext = patternOf(length);
  const sealed = new Uint8Array(length + TAG_LENGTH * (count ?? Math.max(1, Math.ceil(length / CHUNK_LENGTH))));
  const opened = new Uint8Array(length).fill(0xaa);
  await withWorker(engine, async (worker) => {
    await way.seal(worker, first, plaintext, sealed);
    assert.deepEqual(Buffer.from(sealed), expectedRun(first, plaintext, count), `${length} bytes at place ${first}`);
    const before = sealed.slice();
    await way.open(worker, first, sealed, opened);
    assert.deepEqual(sealed, before);
  });
  assert.deepEqual(opened, plaintext);
  assert.deepEqual(plaintext, patternOf(length));
}

async function sealWithin(engine: ChunkEngine, way: Way, offset: number) {
  const plaintext = new Uint8Array(offset + 20_000 + 9).fill(0xaa);
  plaintext.set(patternOf(20_000), offset);
  const sealed = new Uint8Array(offset + 20_000 + 2 * TAG_LENGTH + 9).fill(0xaa);
  const [from, to] = [plaintext.subarray(offset, offset + 20_000), sealed.subarray(offset, sealed.length - 9)];
  await withWorker(engine, async (worker) => {
    await way.seal(worker, 0, from, to);
    assert.deepEqual(Buffer.from(to), expectedRun(0, patternOf(20_000)));
    from.fill(0);
    await way.open(worker, 0, to, from);
  });
  assert.deepEqual(from, patternOf(20_000));
  for (const whole of [plaintext, sealed])
    for (const edge of [whole.subarray(0, offset), whole.subarray(whole.length - 9)])
      assert.ok(edge.every((byte) => byte === 0xaa));
}

/** Every third run has a damaged chunk. */
async function oneOfMany(engine: ChunkEngine, way: Way, i: number) {
  const ownKey = key.map((byte) => byte ^ i);
  const plaintext = patternOf(3 * CHUNK_LENGTH + i, i);
  const sealed = new Uint8Array(sealedLengthOf(plaintext.length));
  const opened = new Uint8Array(plaintext.length).fill(0xaa);
  await withWorker(
    engine,
    async (worker) => {
      await way.seal(worker, i, plaintext, sealed);
      assert.deepEqual(Buffer.from(sealed), expectedRun(i, plaintext, undefined, ownKey));
      if (i % 3 === 0) {
        sealed[SEALED_CHUNK_LENGTH] = (sealed[SEALED_CHUNK_LENGTH] ?? 0) ^ 1;
        await expectNotAuthentic(i + 1, () => way.open(worker, i, sealed, opened));
      } else await way.open(worker, i, sealed, opened);
    },
    ownKey,
  );
  const good = i % 3 === 0 ? CHUNK_LENGTH : plaintext.length;
  assert.deepEqual(opened.subarray(0, good), plaintext.subarray(0, good));
  assert.ok(opened.subarray(good).every((byte) => byte === 0));
}
