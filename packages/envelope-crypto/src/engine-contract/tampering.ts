import assert from 'node:assert/strict';
import { CHUNK_LENGTH, SEALED_CHUNK_LENGTH, TAG_LENGTH } from '../blob-layout.ts';
import type { ChunkEngine } from '../chunk-engine.ts';
import {
  bothWays,
  expectNotAuthentic,
  expectedRun,
  key,
  nonce,
  patternOf,
  withWorker,
  type ChunkEngineCheck,
  type Way,
} from './run.ts';

const first = 2 ** 32 - 1;
const lastLength = 1_000;
const plaintext = patternOf(2 * CHUNK_LENGTH + lastLength);
const genuine = Uint8Array.from(expectedRun(first, plaintext));

export const tamperingChecks: readonly ChunkEngineCheck[] = [
  {
    name: 'refuses a change of any region of a chunk, and names the first chunk that was changed',
    run: (engine) =>
      bothWays(engine, async (way) => {
        for (let i = 0; i < 3; i++) {
          const start = i * SEALED_CHUNK_LENGTH;
          const end = Math.min(start + SEALED_CHUNK_LENGTH, genuine.length);
          const tag = end - TAG_LENGTH;
          const within = [start, start + 1, start + 15, start + 16, start + 500, tag - 17, tag - 16, tag - 1];
          for (const at of [...within, ...Array.from({ length: TAG_LENGTH }, (_, byte) => tag + byte)])
            await refused(engine, way, { changed: [at], damaged: i });
        }
        await refused(engine, way, { changed: [SEALED_CHUNK_LENGTH, genuine.length - 1], damaged: 1 });
      }),
  },
  {
    name: 'refuses every single bit of a tag',
    run: (engine) =>
      bothWays(engine, async (way) => {
        for (let bit = 0; bit < 8 * TAG_LENGTH; bit++)
          await refused(engine, way, {
            changed: [genuine.length - TAG_LENGTH + (bit >> 3)],
            by: 1 << (bit & 7),
            damaged: 2,
          });
      }),
  },
  {
    name: 'refuses chunks that changed places, and a run read from another place',
    run: (engine) =>
      bothWays(engine, async (way) => {
        const swapped = genuine.slice();
        swapped.copyWithin(0, SEALED_CHUNK_LENGTH, 2 * SEALED_CHUNK_LENGTH);
        swapped.set(genuine.subarray(0, SEALED_CHUNK_LENGTH), SEALED_CHUNK_LENGTH);
        await refused(engine, way, { sealed: swapped, damaged: 0 });
        const doubled = genuine.slice();
        doubled.copyWithin(SEALED_CHUNK_LENGTH, 0, SEALED_CHUNK_LENGTH);
        await refused(engine, way, { sealed: doubled, damaged: 1 });
        for (const place of [0, first - 1, first + 1, 2 ** 32 + first])
          await refused(engine, way, { place, damaged: 0 });
      }),
  },
  {
    name: 'refuses another key and another base nonce',
    run: (engine) =>
      bothWays(engine, async (way) => {
        for (const at of [0, 15, 16, 31]) await refused(engine, way, { key: withChange(key, at), damaged: 0 });
        for (const at of [0, 3, 4, 11]) await refused(engine, way, { nonce: withChange(nonce, at), damaged: 0 });
      }),
  },
  {
    name: 'refuses a run that was cut short, wherever',
    run: (engine) =>
      bothWays(engine, async (way) => {
        // What is left of the last chunk is still taken for a chunk: of its bytes the last 16 for its tag.
        for (const cut of [1, 15, 16, 17, 500, lastLength])
          await refused(engine, way, { sealed: genuine.subarray(0, genuine.length - cut), damaged: 2 });
        for (const cut of [1, 16, 17, CHUNK_LENGTH])
          await refused(engine, way, { sealed: genuine.subarray(0, 2 * SEALED_CHUNK_LENGTH - cut), damaged: 1 });
      }),
  },
];

interface Attempt {
  readonly key?: Uint8Array;
  readonly nonce?: Uint8Array;
  readonly place?: number;
  readonly sealed?: Uint8Array;
  /** Bytes of `sealed` that are changed, and by which bits. */
  readonly changed?: readonly number[];
  readonly by?: number;
  /** The chunk of the run that is refused; those before it are opened, of the others nothing is left. */
  readonly damaged: number;
}

async function refused(engine: ChunkEngine, way: Way, attempt: Attempt): Promise<void> {
  const { place = first, changed = [], by = 0x80, damaged } = attempt;
  const sealed = changed.reduce((bytes, at) => withChange(bytes, at, by), attempt.sealed ?? genuine);
  const count = Math.ceil(sealed.length / SEALED_CHUNK_LENGTH);
  const opened = new Uint8Array(sealed.length - count * TAG_LENGTH).fill(0xaa);
  await withWorker(
    engine,
    (worker) => expectNotAuthentic(place + damaged, () => way.open(worker, place, sealed, opened)),
    attempt.key,
    attempt.nonce,
  );
  const good = damaged * CHUNK_LENGTH;
  assert.deepEqual(opened.subarray(0, good), plaintext.subarray(0, good));
  assert.ok(
    opened.subarray(good).every((byte) => byte === 0),
    'bytes of a refused chunk are left',
  );
}

function withChange(bytes: Uint8Array, at: number, by = 0x80): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ by;
  return changed;
}
