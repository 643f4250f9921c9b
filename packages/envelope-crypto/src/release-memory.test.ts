import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { CHUNK_LENGTH, SEALED_CHUNK_LENGTH } from './blob-layout.ts';
import { releaseMemory } from './release-memory.ts';
import { typescriptEngine } from './typescript-engine.ts';

it('what is released is empty, and parts of something larger are left alone', () => {
  const [whole, larger, none] = [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3), new Uint8Array()];
  releaseMemory([whole, larger.subarray(1), none]);
  expect(whole).toHaveLength(0);
  expect(larger).toEqual(Uint8Array.of(1, 2, 3));
});

it('sealing and opening in TypeScript leave no memory behind that waits for a collection', () => {
  const chunks = 16;
  const plaintext = new Uint8Array(randomBytes(chunks * CHUNK_LENGTH));
  const sealed = new Uint8Array(chunks * SEALED_CHUNK_LENGTH);
  const opened = new Uint8Array(plaintext.length);
  const worker = typescriptEngine.chunksOf(randomBytes(32), randomBytes(12));
  const growths: number[] = [];
  for (let run = 0; run < 100; run++) {
    const before = process.memoryUsage().arrayBuffers;
    worker.seal(run * chunks, plaintext, sealed);
    worker.open(run * chunks, sealed, opened);
    growths.push(process.memoryUsage().arrayBuffers - before);
  }
  expect(Buffer.compare(opened, plaintext)).toBe(0);
  // Each run makes half a MiB; a collection meanwhile would only make it less.
  expect(Math.max(...growths)).toBeLessThan(CHUNK_LENGTH);
});
