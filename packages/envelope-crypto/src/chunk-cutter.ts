/**
 * Re-cuts pieces of any size into runs of exactly `size` bytes. A run that lies inside one piece is handed on without a
 * copy; others are put together in one buffer, so at most one run, or the piece that has its beginning, is held.
 */
export class ChunkCutter {
  readonly #size: number;
  /** The beginning of a run: all of it in one piece, or as much of the buffer as is filled. */
  #held: Uint8Array = new Uint8Array(0);
  #buffer: Uint8Array | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  /** The runs that `piece` completes. Each is valid only until the next is asked for. */
  *push(piece: Uint8Array): Generator<Uint8Array, void> {
    let rest = piece;
    if (this.#held.length > 0) {
      const missing = rest.subarray(0, this.#size - this.#held.length);
      rest = rest.subarray(missing.length);
      this.#held = this.#joined(missing);
      if (this.#held.length < this.#size) return;
      yield this.#held;
    }
    for (; rest.length >= this.#size; rest = rest.subarray(this.#size)) yield rest.subarray(0, this.#size);
    // Pieces are their consumer's to keep, so what many streams are, a single short piece, is never copied.
    this.#held = rest;
  }

  /** What is left over: shorter than a run, maybe empty. */
  rest(): Uint8Array {
    return this.#held;
  }

  /** What is held and `bytes` behind it, in the buffer. */
  #joined(bytes: Uint8Array): Uint8Array {
    const length = this.#held.length;
    this.#buffer ??= new Uint8Array(this.#size);
    if (this.#held.buffer !== this.#buffer.buffer) this.#buffer.set(this.#held);
    this.#buffer.set(bytes, length);
    return this.#buffer.subarray(0, length + bytes.length);
  }
}
