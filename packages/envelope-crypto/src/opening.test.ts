import { afterEach, describe, expect, it } from 'vitest';
import { canFill, pieceBuffers, streamOf, type ByteRange, type ByteStream } from '@coffer/bytes';
import type { ChunkEngine } from './chunk-engine.ts';
import { openBlobRange } from './open-blob.ts';
import { sealBlob } from './seal-blob.ts';
import { anyOf, codeOf, fillable, patternOf, secretOf, whole } from './test-support.ts';
import { typescriptEngine } from './typescript-engine.ts';

const context = { fileId: 'file', partNumber: 0 };
const key = secretOf(7);
const length = 1_000_000;

/** The TypeScript engine, with a count of the keys that were not wiped. */
function countingEngine(): { readonly engine: ChunkEngine; readonly alive: () => number } {
  let alive = 0;
  const engine: ChunkEngine = {
    name: 'typescript',
    chunksOf: (chunkKey, nonce) => {
      const worker = typescriptEngine.chunksOf(chunkKey, nonce);
      let discarded = false;
      alive++;
      return {
        seal: (...run) => {
          worker.seal(...run);
        },
        open: (...run) => {
          worker.open(...run);
        },
        discard: () => {
          if (!discarded) alive--;
          discarded = true;
          worker.discard();
        },
      };
    },
  };
  return { engine, alive: () => alive };
}

/** A stored blob whose reads wait before each piece until the event loop has turned. */
async function slowBlob() {
  const sealed = await whole(sealBlob(streamOf(patternOf(length)), key, context));
  async function* slowly(bytes: Uint8Array): ByteStream & AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < bytes.length; at += 30_000) {
      await new Promise((resolve) => setImmediate(resolve));
      yield bytes.subarray(at, at + 30_000);
    }
  }
  return {
    length: sealed.length,
    read: ({ start, length: count }: ByteRange) => fillable(slowly(sealed.slice(start, start + count))),
  };
}

afterEach(() => {
  expect(pieceBuffers.inUse).toBe(0);
});

describe.each([
  ['from its beginning', { start: 0, length }],
  ['from its middle', { start: 500_000, length: 400_000 }],
])('an opened range %s', (_, range) => {
  it('that is left at any moment is not told to be damaged, and leaves no key behind', async () => {
    const source = await slowBlob();
    for (let turns = 0; turns < 45; turns++) {
      const { engine, alive } = countingEngine();
      const iterator = openBlobRange(source, key, context, anyOf(length), range, { engine })[Symbol.asyncIterator]();
      if (!canFill(iterator)) throw new Error('It does not fill');
      const target = new Uint8Array(300_000);
      const reading = codeOf(async () => {
        while ((await iterator.fill(target)) > 0);
      });
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      await iterator.return();
      expect(await reading).toBeUndefined();
      expect(alive()).toBe(0);
    }
  });

  it('whose reads fail leaves no key behind', async () => {
    const { engine, alive } = countingEngine();
    const good = await slowBlob();
    for (const failing of [1, 2]) {
      let reads = 0;
      const read = (asked: ByteRange) => {
        if (++reads === failing) throw new Error('disk');
        return good.read(asked);
      };
      const opened = openBlobRange({ length: good.length, read }, key, context, anyOf(length), range, { engine });
      await whole(opened).catch(() => undefined);
      expect(alive()).toBe(0);
    }
  });
});
