import { fc, it as property } from '@fast-check/vitest';
import { afterEach, describe, expect, it } from 'vitest';
import { pieceBuffers, streamOf, type ByteStream } from '@coffer/bytes';
import { SEALED_CHUNK_LENGTH } from './blob-layout.ts';
import { chunkInput, type ChunkInput } from './chunk-input.ts';
import { fillable } from './test-support.ts';

/** Takes all runs, each of `most` units at most; the bytes are copied, since they are only lent. */
async function runsOf(input: ChunkInput, unit: number, most: number): Promise<number[][]> {
  const runs: number[][] = [];
  for (;;) {
    const run = await input.run(most);
    expect(await input.run(most)).toEqual(run);
    runs.push([...run]);
    input.take(run.length);
    if (run.length < unit) break;
  }
  await input.end();
  return runs;
}

const inPieces = (pieces: readonly Uint8Array[]) => ({
  pieces: () => streamOf(...pieces),
  filling: () => fillable(streamOf(...pieces)),
});

afterEach(() => {
  expect(pieceBuffers.inUse).toBe(0);
});

describe.each(['pieces', 'filling'] as const)('the input of a stream of %s', (kind) => {
  property.prop([
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 3 }),
    fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 }),
  ])('comes in whole units, and a shorter rest at the end', async (unit, most, pieces) => {
    const runs = await runsOf(chunkInput(inPieces(pieces)[kind](), unit), unit, most);
    expect(runs.flat()).toEqual(pieces.flatMap((piece) => [...piece]));
    const last = runs.pop() ?? [];
    expect(last.length).toBeLessThan(unit);
    for (const { length } of runs) {
      expect(length % unit).toBe(0);
      expect(length).toBeLessThanOrEqual(most * unit);
    }
  });

  property.prop([fc.integer({ min: 1, max: 9 }), fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 9 })])(
    'begins with its lead, shorter only where the stream is',
    async (lead, pieces) => {
      const all = pieces.flatMap((piece) => [...piece]);
      const input = chunkInput(inPieces(pieces)[kind](), 10, lead);
      const first = [...(await input.run(5))];
      expect(first).toEqual(all.slice(0, lead));
      input.take(first.length);
      expect((await runsOf(input, 10, 5)).flat()).toEqual(all.slice(lead));
    },
  );

  it('puts a unit as long as a sealed chunk together from single bytes', async () => {
    const bytes = Uint8Array.from({ length: SEALED_CHUNK_LENGTH }, (_, index) => index % 251);
    const single = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    const input = chunkInput(inPieces(single)[kind](), SEALED_CHUNK_LENGTH);
    expect(Buffer.compare(await input.run(4), bytes)).toBe(0);
    await input.end();
  });

  it('that is left while a run is waited for ends its stream and gives nothing more', async () => {
    const log: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    async function* source(): ByteStream & AsyncGenerator<Uint8Array, void> {
      try {
        await held;
        yield new Uint8Array(100);
      } finally {
        log.push('source ended');
      }
    }
    const input = chunkInput(kind === 'pieces' ? source() : fillable(source()), 10);
    const waiting = input.run(1);
    const ended = input.end();
    release();
    expect(await waiting).toHaveLength(0);
    await ended;
    expect(log).toEqual(['source ended']);
    expect(await input.run(1)).toHaveLength(0);
  });

  it('fails as its stream does, and lets go of everything', async () => {
    async function* failing() {
      yield await Promise.resolve(new Uint8Array(4));
      throw new Error('source');
    }
    const input = chunkInput(kind === 'pieces' ? failing() : fillable(failing()), 10);
    await expect(input.run(1)).rejects.toThrow('source');
    await input.end();
  });
});

property.prop([fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 40 })])(
  'a unit that is inside one piece is not copied',
  async (piece, unit) => {
    const input = chunkInput(streamOf(new Uint8Array(), piece), unit);
    const run = await input.run(100);
    if (run.length > 0) expect(run.buffer).toBe(piece.buffer);
    await input.end();
  },
);
