import { deflateRawSync } from 'node:zlib';
import { cut, NeedleSearch } from './needles.ts';

const longestHead = 4096;
const compared = 32;

/**
 * How many pieces of 16 bytes of the one are in the other as well, but for those that are also in a third one, whose
 * content is another: such as the header of a format.
 */
export function sharedPieces(one: Uint8Array, other: Uint8Array, unrelated: Uint8Array): number {
  const usual = new Set<string>();
  const search = NeedleSearch.of([cut('one', one)]);
  search.find(unrelated, ({ bytes }) => usual.add(Buffer.from(bytes).toString('hex')));
  const shared = new Set<string>();
  search.find(other, ({ bytes }) => shared.add(Buffer.from(bytes).toString('hex')));
  return [...shared].filter((piece) => !usual.has(piece)).length;
}

/** How often a piece of 16 bytes comes again. */
export function repeatedPieces(bytes: Uint8Array): number {
  const search = NeedleSearch.of([cut('itself', bytes)]);
  let hits = 0;
  search.find(bytes, () => hits++);
  return hits - search.size;
}

/** The size that is left when it is compressed, from 0 to 1. */
export function compressedShare(bytes: Uint8Array): number {
  return Math.min(1, deflateRawSync(bytes, { level: 6 }).length / bytes.length);
}

/** Content and what is stored of it. */
export interface Sealed {
  readonly content: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Whether both begin with the same key stream, wherever in what is stored the content begins. */
export function shareKeystream(one: Sealed, other: Sealed): boolean {
  const heads = Math.min(longestHead, one.bytes.length - compared, other.bytes.length - compared);
  for (let head = 0; head <= heads; head++) if (differAlike(one, other, head)) return true;
  return false;
}

/** What is stored differs where, and as, the contents differ. */
function differAlike(one: Sealed, other: Sealed, head: number): boolean {
  for (let at = 0; at < compared; at++) {
    const plain = (one.content[at] ?? 0) ^ (other.content[at] ?? 0);
    if (((one.bytes[head + at] ?? 0) ^ (other.bytes[head + at] ?? 0)) !== plain) return false;
  }
  return true;
}
