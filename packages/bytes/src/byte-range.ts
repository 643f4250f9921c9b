/** A contiguous run of bytes: `length` bytes from offset `start`. */
export interface ByteRange {
  /** Offset of the first byte, from 0. */
  readonly start: number;
  /** Number of bytes; 0 is an empty range. */
  readonly length: number;
}

/** One piece of a sequence that a range covers: which piece, and which bytes of it. */
export interface CoveredPiece {
  readonly index: number;
  readonly range: ByteRange;
}

/** Where each piece ends in the concatenation of all pieces, as {@link coverPieces} needs it. */
export function pieceEnds(lengths: readonly number[]): readonly number[] {
  let end = 0;
  return lengths.map((length) => (end += length));
}

/**
 * Which bytes of which pieces make up `range` of the pieces' concatenation. Pieces outside it do not appear, and are
 * not looked at: a file may have thousands.
 */
export function coverPieces(ends: readonly number[], range: ByteRange): CoveredPiece[] {
  const covered: CoveredPiece[] = [];
  const end = range.start + range.length;
  for (let index = firstEndAfter(ends, range.start); index < ends.length; index++) {
    const offset = ends[index - 1] ?? 0;
    if (offset >= end) break;
    const from = Math.max(range.start, offset);
    const to = Math.min(end, ends[index] ?? offset);
    if (to > from) covered.push({ index, range: { start: from - offset, length: to - from } });
  }
  return covered;
}

/** The first piece that ends after `offset`; the number of pieces if none does. */
function firstEndAfter(ends: readonly number[], offset: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
