import { fc, it as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import { SEALED_CHUNK_LENGTH } from './blob-layout.ts';
import { ChunkInput, type ChunkWork } from './chunk-input.ts';
import { runsOf } from './chunk-stream.ts';

/** Takes runs of the sizes, one after the other, until there is no more. */
function* taking(sizes: Iterator<number>): ChunkWork {
  const input = new ChunkInput();
  for (let size = sizes.next(); size.done !== true; size = sizes.next()) {
    const run = yield* input.take(size.value);
    yield run;
    if (run.length < size.value) return;
  }
}

function* endless(sizes: readonly number[]): Generator<number, void> {
  for (;;) yield* sizes;
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

property.prop([sizes, fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 })])(
  'gives any pieces in runs of the lengths asked for, and a shorter one at the end',
  (lengths, pieces) => {
    const runs = Array.from(runsOf(taking(endless(lengths)), pieces), (run) => [...run]);
    expect(runs.flat()).toEqual(pieces.flatMap((piece) => [...piece]));
    const asked = endless(lengths);
    runs.forEach((run, index) => {
      const length = asked.next().value ?? 0;
      if (index < runs.length - 1) expect(run).toHaveLength(length);
      else expect(run.length).toBeLessThan(length);
    });
  },
);

property.prop([fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 40 })])(
  'copies nothing of a run that is inside one piece',
  (piece, size) => {
    for (const run of runsOf(taking([size].values()), [new Uint8Array(), piece]))
      if (run.length > 0) expect(run.buffer).toBe(piece.buffer);
  },
);

property('puts a run as long as a sealed chunk together from single bytes', () => {
  const bytes = Uint8Array.from({ length: SEALED_CHUNK_LENGTH }, (_, index) => index % 251);
  const single = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
  const [run] = runsOf(taking([SEALED_CHUNK_LENGTH].values()), single);
  expect(run).toEqual(bytes);
});
