import { concatBytes } from '@coffer/bytes';
import type { SigV4Error } from '../request/sigv4-error.ts';

const lineFeed = 0x0a;

/** How a line ended. */
export type LineEnd = 'crlf' | 'lf';

/** A line without its end, one byte per code unit. */
export interface Line {
  readonly text: string;
  readonly end: LineEnd;
  /** Bytes of the line with its end. */
  readonly length: number;
}

/** Puts a line together from the pieces in which it comes. */
export class LineBuffer {
  #held: Uint8Array[] = [];
  #length = 0;

  /** Whether no line has begun. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /**
   * Takes from the piece what belongs to the line, at most `limit` bytes in all; the line is undefined if it goes on in
   * the next piece.
   *
   * @throws what `tooLong` makes.
   */
  take(
    piece: Uint8Array,
    limit: number,
    tooLong: () => SigV4Error,
  ): { readonly line: Line | undefined; readonly rest: Uint8Array } {
    const allowed = limit - this.#length;
    const at = piece.subarray(0, allowed).indexOf(lineFeed);
    if (at === -1 && piece.length >= allowed) throw tooLong();
    const own = at === -1 ? piece : piece.subarray(0, at + 1);
    this.#held.push(own);
    this.#length += own.length;
    return { line: at === -1 ? undefined : this.#end(), rest: piece.subarray(own.length) };
  }

  #end(): Line {
    const text = String.fromCharCode(...concatBytes(this.#held, this.#length));
    const length = this.#length;
    this.#held = [];
    this.#length = 0;
    const end = text.endsWith('\r\n') ? 'crlf' : 'lf';
    return { text: text.slice(0, end === 'crlf' ? -2 : -1), end, length };
  }
}
