import { hashAt, roll, spread, windowLength } from './rolling-hash.ts';

/** Marks an empty place. A pattern is represented by a number. */
const none = 0xffff_ffff;
const bitsPerPattern = 16;

/**
 * Finds, by the hash of a window of bytes, the patterns that have this window at their anchor. A bit map with a bit per
 * hash comes first: few bits are set, so nearly all windows need no look into the table.
 */
export class AnchorTable {
  readonly #bits: Uint32Array;
  readonly #bitMask: number;
  readonly #hashes: Int32Array;
  readonly #patterns: Uint32Array;
  readonly #slotMask: number;

  /** For `count` patterns at most. */
  constructor(count: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, count * 2)));
    const bits = Math.max(2 ** 20, (slots / 2) * bitsPerPattern);
    this.#bits = new Uint32Array(bits / 32);
    this.#bitMask = bits - 1;
    this.#hashes = new Int32Array(slots);
    this.#patterns = new Uint32Array(slots).fill(none);
    this.#slotMask = slots - 1;
  }

  add(hash: number, pattern: number): void {
    const mixed = spread(hash);
    const bit = mixed & this.#bitMask;
    this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    let slot = mixed & this.#slotMask;
    while (this.#patterns[slot] !== none) slot = (slot + 1) & this.#slotMask;
    this.#hashes[slot] = hash;
    this.#patterns[slot] = pattern;
  }

  /**
   * Calls `visit` with each pattern of which the anchor, or another window of the same hash, is in the bytes, and with
   * its place.
   */
  scan(bytes: Uint8Array, visit: (pattern: number, at: number) => void): void {
    const bits = this.#bits;
    const bitMask = this.#bitMask;
    const last = bytes.length - windowLength;
    let hash = last < 0 ? 0 : hashAt(bytes, 0);
    for (let at = 0; at <= last; at++) {
      const bit = spread(hash) & bitMask;
      if ((((bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1) this.#visitAll(hash, at, visit);
      hash = roll(hash, bytes[at] ?? 0, bytes[at + windowLength] ?? 0);
    }
  }

  #visitAll(hash: number, at: number, visit: (pattern: number, at: number) => void): void {
    let slot = spread(hash) & this.#slotMask;
    for (;;) {
      const pattern = this.#patterns[slot] ?? none;
      if (pattern === none) return;
      if (this.#hashes[slot] === hash) visit(pattern, at);
      slot = (slot + 1) & this.#slotMask;
    }
  }
}
