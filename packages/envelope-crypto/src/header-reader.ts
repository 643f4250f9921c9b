/** Takes a header of fixed length off the front of pieces of any size. */
export class HeaderReader {
  readonly #header: Uint8Array;
  #length = 0;

  constructor(length: number) {
    this.#header = new Uint8Array(length);
  }

  /** Takes what is still missing out of `piece` and gives back what follows it. */
  push(piece: Uint8Array): Uint8Array {
    const missing = piece.subarray(0, this.#header.length - this.#length);
    this.#header.set(missing, this.#length);
    this.#length += missing.length;
    return piece.subarray(missing.length);
  }

  get complete(): boolean {
    return this.#length === this.#header.length;
  }

  /** What came so far: the header, or less if it is not complete. */
  get bytes(): Uint8Array {
    return this.#header.subarray(0, this.#length);
  }
}
