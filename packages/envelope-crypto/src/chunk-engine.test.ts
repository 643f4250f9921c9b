import { readFileSync } from 'node:fs';
import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { CHUNK_LENGTH, MAX_CHUNKS } from './blob-layout.ts';
import { chunkEngineChecks, chunkVectorChecks, compareEngines } from './chunk-engine-contract.ts';
import type { ChunkEngine, ChunkWorker } from './chunk-engine.ts';
import { EnvelopeError } from './envelope-error.ts';
import { typescriptEngine } from './typescript-engine.ts';

const vectors = (name: string): string => readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8');
const vectorChecks = chunkVectorChecks(
  vectors('c2sp_chunked_encryption_aes_256_gcm_test.json'),
  vectors('coffer-format-v1.json'),
);

describe('the TypeScript engine', () => {
  it.each(chunkEngineChecks)('$name', (check) => check.run(typescriptEngine));
  it.each(vectorChecks)('$name', (check) => check.run(typescriptEngine));
});

describe('the TypeScript engine, compared with itself over random runs', () => {
  property.prop(
    [
      fc.record({
        key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        nonce: fc.uint8Array({ minLength: 12, maxLength: 12 }),
        first: fc.oneof(fc.integer({ min: 0, max: MAX_CHUNKS - 8 }), fc.integer({ min: 0, max: 300 })),
        plaintext: fc
          .tuple(fc.integer({ min: 0, max: 4 * CHUNK_LENGTH }), fc.boolean(), fc.nat(255))
          .map(([length, full, seed]) => bytesOf(full ? length - (length % CHUNK_LENGTH) : length, seed)),
        emptyLast: fc.boolean(),
        cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        damage: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 3 }),
      }),
    ],
    { numRuns: 40 },
  )('is the same however the run is cut, and refuses the chunks that were damaged', async (run) => {
    await compareEngines(typescriptEngine, typescriptEngine, run);
    await compareEngines(typescriptEngine, typescriptEngine, { ...run, damage: [] });
  });
});

/** Engines with one mistake each; every one of them must fail the contract. */
const mistaken: Readonly<Record<string, (worker: ChunkWorker) => Partial<ChunkWorker>>> = {
  'forgets the place': (worker) => ({
    seal: (_, plaintext, sealed) => {
      worker.seal(0, plaintext, sealed);
    },
    open: (_, sealed, plaintext) => {
      worker.open(0, sealed, plaintext);
    },
  }),
  'loses the place’s upper bits': (worker) => ({
    seal: (first, plaintext, sealed) => {
      worker.seal(first % 2 ** 32, plaintext, sealed);
    },
    open: (first, sealed, plaintext) => {
      worker.open(first % 2 ** 32, sealed, plaintext);
    },
  }),
  'leaves bytes of a refused chunk': (worker) => ({
    open: (first, sealed, plaintext) => {
      const before = plaintext.slice(-1);
      try {
        worker.open(first, sealed, plaintext);
      } catch (error) {
        plaintext.set(before, Math.max(0, plaintext.length - 1));
        throw error;
      }
    },
  }),
  'wipes the chunks before a refused one': (worker) => ({
    open: (first, sealed, plaintext) => {
      try {
        worker.open(first, sealed, plaintext);
      } catch (error) {
        plaintext.fill(0);
        throw error;
      }
    },
  }),
  'ignores a refusal': (worker) => ({
    open: (first, sealed, plaintext) => {
      try {
        worker.open(first, sealed, plaintext);
      } catch (error) {
        if (!(error instanceof EnvelopeError)) throw error;
      }
    },
  }),
  'writes before it refuses': (worker) => ({
    seal: (first, plaintext, sealed) => {
      if (sealed instanceof Uint8Array) sealed.fill(0, 0, 1);
      worker.seal(first, plaintext, sealed);
    },
  }),
  'goes on after it was discarded': () => ({ discard: () => undefined }),
};

describe('the contract of engines', () => {
  it.each(Object.keys(mistaken))('finds an engine that %s', async (mistake) => {
    const engine: ChunkEngine = {
      name: 'typescript',
      chunksOf: (key, nonce) => {
        const worker = typescriptEngine.chunksOf(key, nonce);
        const whole: ChunkWorker = {
          seal: (...run) => {
            worker.seal(...run);
          },
          open: (...run) => {
            worker.open(...run);
          },
          discard: () => {
            worker.discard();
          },
        };
        return { ...whole, ...mistaken[mistake]!(worker) };
      },
    };
    const failed = await Promise.all(
      chunkEngineChecks.map((check) =>
        check.run(engine).then(
          () => false,
          () => true,
        ),
      ),
    );
    expect(failed).toContain(true);
  });

  it('has the checks and the published cases', () => {
    expect(chunkEngineChecks.length).toBeGreaterThanOrEqual(19);
    expect(vectorChecks.filter(({ name }) => name.startsWith('valid')).length).toBe(10);
    expect(vectorChecks.filter(({ name }) => name.startsWith('invalid')).length).toBe(15);
    expect(vectorChecks.filter(({ name }) => name.startsWith('golden')).length).toBeGreaterThan(0);
  });
});

function bytesOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + seed) & 0xff);
}
