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

/** Which bytes of which pieces make up `range` of the pieces' concatenation. Pieces outside it do not appear. */
export function coverPieces(lengths: readonly number[], range: ByteRange): CoveredPiece[] {
  const covered: CoveredPiece[] = [];
  const end = range.start + range.length;
  let offset = 0;
  for (const [index, length] of lengths.entries()) {
    const from = Math.max(range.start, offset);
    const to = Math.min(end, offset + length);
    if (to > from) covered.push({ index, range: { start: from - offset, length: to - from } });
    offset += length;
  }
  return covered;
}
