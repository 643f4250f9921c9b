import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coverPieces, pieceEnds } from './byte-range.ts';

it('the covered bytes are the slice of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10), { maxLength: 10 }), fc.nat(60), fc.nat(60), (lengths, start, length) => {
      let next = 0;
      const pieces = lengths.map((count) => Array.from({ length: count }, () => next++));
      const covered = coverPieces(pieceEnds(lengths), { start, length });
      const bytes = covered.flatMap(({ index, range }) =>
        pieces[index]!.slice(range.start, range.start + range.length),
      );
      expect(bytes).toEqual(pieces.flat().slice(start, start + length));
      for (const { index, range } of covered) {
        expect(range.length).toBeGreaterThan(0);
        expect(range.start + range.length).toBeLessThanOrEqual(lengths[index]!);
      }
      const indexes = covered.map(({ index }) => index);
      expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
    }),
  );
});

it('an empty range covers nothing', () => {
  expect(coverPieces(pieceEnds([1, 2, 3]), { start: 2, length: 0 })).toEqual([]);
});
