import { concatBytes, stage, type ByteStream } from '@coffer/bytes';

/** A stream that is taken apart at marks. It keeps no more of it than a piece and the beginning of a mark. */
export class DelimitedStream {
  readonly #pieces: AsyncIterator<Uint8Array>;
  /** What was read and not given out. */
  #held: Uint8Array;

  /** @param before Comes before the first byte of the stream. */
  constructor(stream: ByteStream, before = new Uint8Array(0)) {
    this.#pieces = stream[Symbol.asyncIterator]();
    this.#held = before;
  }

  /**
   * The bytes up to the mark, in pieces as they come; the mark is passed over.
   *
   * @throws what `unended` makes if the stream ends without the mark; what the stream throws.
   */
  async *upTo(mark: Uint8Array, unended: () => Error): AsyncGenerator<Uint8Array, void> {
    for (let isFound = false; !isFound;) {
      const at = placeOf(mark, this.#held);
      isFound = at + mark.length <= this.#held.length;
      const given = this.#held.subarray(0, at);
      this.#held = this.#held.subarray(isFound ? at + mark.length : at);
      if (given.length > 0) yield given;
      if (!isFound && !(await this.#more())) throw unended();
    }
  }

  /** Whether these are the next bytes; they are not passed over. */
  async startsWith(expected: Uint8Array): Promise<boolean> {
    while (this.#held.length < expected.length && beginsAt(expected, this.#held, 0) && (await this.#more()));
    return this.#held.length >= expected.length && beginsAt(expected, this.#held, 0);
  }

  /** All that was not given out yet. The stream is ended with it, also if nothing of it is read. */
  rest(): ByteStream {
    const held = this.#held;
    return stage({ [Symbol.asyncIterator]: () => this.#pieces }, async function* (pieces) {
      if (held.length > 0) yield held;
      yield* pieces;
    });
  }

  /** Ends the stream, wherever it is. */
  async end(): Promise<void> {
    await this.#pieces.return?.();
  }

  /** Whether there is one more piece, which may be empty. */
  async #more(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done === true) return false;
    this.#held = this.#held.length === 0 ? next.value : concatBytes([this.#held, next.value]);
    return true;
  }
}

/**
 * Where the mark, of two bytes at least, begins, or could begin if more bytes followed; the length of the bytes if it
 * does nowhere.
 */
function placeOf(mark: Uint8Array, bytes: Uint8Array): number {
  let at = placeOfTwo(mark, bytes, 0);
  while (at < bytes.length && !beginsAt(mark, bytes, at)) at = placeOfTwo(mark, bytes, at + 1);
  return at;
}

/** How many bytes are looked at before the platform's search is called, which is faster only over a distance. */
const near = 32;

/** The same for the first two bytes of the mark, or, where bytes are many without them, for the first. */
function placeOfTwo(mark: Uint8Array, bytes: Uint8Array, from: number): number {
  // Taking the two apart by a pattern would make an iterator each time.
  const first = mark[0] ?? 0;
  const second = mark[1];
  const last = bytes.length - 1;
  const end = Math.min(from + near, last);
  for (let at = from; at < end; at++) if (bytes[at] === first && bytes[at + 1] === second) return at;
  const far = bytes.indexOf(first, end);
  return far < 0 ? bytes.length : far;
}

/** Whether the bytes from there on are those of the mark, as far as both go. */
function beginsAt(mark: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const length = Math.min(mark.length, bytes.length - at);
  for (let i = 0; i < length; i++) if (mark[i] !== bytes[at + i]) return false;
  return true;
}
