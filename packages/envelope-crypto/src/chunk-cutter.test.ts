import { fc, it as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import { ChunkCutter } from './chunk-cutter.ts';

property.prop([fc.integer({ min: 1, max: 9 }), fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 })])(
  'cuts any pieces into runs of one size and a shorter rest',
  (size, pieces) => {
    const cutter = new ChunkCutter(size);
    const out: number[] = [];
    for (const piece of pieces) {
      for (const run of cutter.push(piece)) {
        expect(run.length).toBe(size);
        out.push(...run);
      }
    }
    expect(cutter.rest().length).toBeLessThan(size);
    out.push(...cutter.rest());
    expect(out).toEqual(pieces.flatMap((piece) => [...piece]));
  },
);
