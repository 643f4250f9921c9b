/**
 * Re-cuts pieces of any size into runs of exactly `size` bytes. A run that lies inside one piece is handed on without a copy;
 * others are put together in one buffer, so at most one run is held.
 */
export class ChunkCutter {
  readonly #size: number;
  #buffer: Uint8Array | undefined;
  #held = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** The runs that `piece` completes. Each is valid only until the next is asked for. */
  *push(piece: Uint8Array): Generator<Uint8Array, void> {
    let rest = piece;
    if (this.#held > 0) {
      const missing = rest.subarray(0, this.#size - this.#held);
      this.#hold(missing);
      rest = rest.subarray(missing.length);
      if (this.#held < this.#size) return;
      this.#held = 0;
      yield this.#space();
    }
    for (; rest.length >= this.#size; rest = rest.subarray(this.#size)) yield rest.subarray(0, this.#size);
    if (rest.length > 0) this.#hold(rest);
  }

  /** What is left over: shorter than a run, maybe empty. */
  rest(): Uint8Array {
    return this.#held === 0 ? new Uint8Array(0) : this.#space().subarray(0, this.#held);
  }

  #hold(bytes: Uint8Array): void {
    this.#space().set(bytes, this.#held);
    this.#held += bytes.length;
  }

  #space(): Uint8Array {
    this.#buffer ??= new Uint8Array(this.#size);
    return this.#buffer;
  }
}
