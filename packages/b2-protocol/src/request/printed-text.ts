import { BufferPool, type ByteStream, type FillingIterator, type SizedStream } from '@coffer/bytes';

const encoder = new TextEncoder();
/** Characters that are printed before everybody else has a turn, and bytes of a buffer. */
const pieceLength = 65_536;

/**
 * Memory for long answers. It is used again, since one page of 10,000 rows fills a hundred of these buffers. Those that
 * are kept have 16 MiB, more than most pages.
 */
export const textBuffers: BufferPool = new BufferPool([{ length: pieceLength, inUse: Infinity, kept: 256 }]);

/** A buffer of the pool that is filled up to a place. */
interface FilledBuffer {
  readonly buffer: Uint8Array;
  length: number;
}

/**
 * Text of an answer that is printed bit by bit, and kept as UTF-8 in buffers that are used again. Whoever made it
 * either sends its `body` or calls `release`.
 */
export class PrintedText {
  /** What is not encoded yet. */
  #text = '';
  #filled: FilledBuffer[] = [];

  /** Adds text. True: enough was printed for others to have a turn before more is. */
  add(text: string): boolean {
    this.#text += text;
    if (this.#text.length < pieceLength) return false;
    this.#encode();
    return true;
  }

  /** Moves all of another text to the end of this one. */
  append(other: PrintedText): void {
    this.#encode();
    other.#encode();
    for (const filled of other.#filled) this.#filled.push(filled);
    other.#filled = [];
  }

  /** The bytes, for an answer: a short text as one piece, of a long one a stream, which gives the buffers back. */
  body(): Uint8Array | SizedStream {
    if (this.#filled.length === 0) return encoder.encode(this.#text);
    this.#encode();
    const stream = new FilledBuffers(this.#filled);
    const length = this.#filled.reduce((sum, filled) => sum + filled.length, 0);
    return { stream, length };
  }

  /** Gives the buffers back. */
  release(): void {
    giveBack(this.#filled);
  }

  #encode(): void {
    let rest = this.#text;
    this.#text = '';
    while (rest.length > 0) {
      const last = this.#filled.at(-1) ?? this.#takeBuffer();
      const { read, written } = encoder.encodeInto(rest, last.buffer.subarray(last.length));
      last.length += written;
      rest = rest.slice(read);
      // No character is cut in two, so some bytes at the end of a buffer may stay free.
      if (rest.length > 0) this.#takeBuffer();
    }
  }

  #takeBuffer(): FilledBuffer {
    const taken = { buffer: textBuffers.take(), length: 0 };
    this.#filled.push(taken);
    return taken;
  }
}

function giveBack(filled: FilledBuffer[]): void {
  for (const { buffer } of filled.splice(0)) textBuffers.give(buffer);
}

/** Copies out what is in the buffers, and gives each back as soon as it was read. */
class FilledBuffers implements FillingIterator, ByteStream {
  readonly #filled: FilledBuffer[];
  /** Bytes of the first buffer that were read. */
  #read = 0;

  constructor(filled: FilledBuffer[]) {
    this.#filled = filled;
  }

  [Symbol.asyncIterator](): FillingIterator {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, void>> {
    const first = this.#filled[0];
    if (first === undefined) return Promise.resolve({ done: true, value: undefined });
    const value = new Uint8Array(first.length - this.#read);
    this.#copy(first, value);
    return Promise.resolve({ done: false, value });
  }

  fill(target: Uint8Array): Promise<number> {
    let count = 0;
    for (let first = this.#filled[0]; first !== undefined && count < target.length; first = this.#filled[0])
      count += this.#copy(first, target.subarray(count));
    return Promise.resolve(count);
  }

  return(): Promise<IteratorResult<Uint8Array, void>> {
    giveBack(this.#filled);
    return Promise.resolve({ done: true, value: undefined });
  }

  #copy({ buffer, length }: FilledBuffer, target: Uint8Array): number {
    const end = Math.min(length, this.#read + target.length);
    const count = end - this.#read;
    target.set(buffer.subarray(this.#read, end));
    this.#read = end;
    if (end === length) {
      this.#filled.shift();
      this.#read = 0;
      textBuffers.give(buffer);
    }
    return count;
  }
}
