const nothing = new Uint8Array(0);

/**
 * What of a piece did not fit into the consumer's memory: a `FillingIterator` that gets its bytes in pieces keeps it
 * here, and gives it out before anything else.
 *
 * @example
 * ```ts
 * const rest = new PieceRest();
 * rest.keep(new Uint8Array([1, 2, 3]));
 * const target = new Uint8Array(2);
 * assert.equal(rest.moveTo(target), 2);
 * assert.deepEqual(target, new Uint8Array([1, 2]));
 * assert.deepEqual(rest.take(), new Uint8Array([3]));
 * assert.equal(rest.take(), undefined);
 * ```
 */
export class PieceRest {
  #bytes: Uint8Array = nothing;

  get isEmpty(): boolean {
    return this.#bytes.length === 0;
  }

  /** Keeps a piece, without copying it, instead of what was kept before. */
  keep(piece: Uint8Array): void {
    this.#bytes = piece;
  }

  drop(): void {
    this.#bytes = nothing;
  }

  /** All that is kept; undefined where that is nothing. */
  take(): Uint8Array | undefined {
    const bytes = this.#bytes;
    this.drop();
    return bytes.length > 0 ? bytes : undefined;
  }

  /** Writes what is kept into `target`, from its beginning, as far as it fits. Returns the number of bytes. */
  moveTo(target: Uint8Array): number {
    const part = this.#bytes.subarray(0, target.length);
    target.set(part);
    this.#bytes = this.#bytes.subarray(part.length);
    return part.length;
  }
}
