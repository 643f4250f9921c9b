import { MAX_CHUNKS } from './blob-layout.ts';

/** Bytes of an AES-GCM nonce. */
export const NONCE_LENGTH = 12;

/** The nonces of one blob: the base nonce with a chunk's place XORed in as a big-endian integer. */
export class ChunkNonces {
  readonly #nonce: Uint8Array;
  readonly #view: DataView;
  /** Bytes 4 to 7 and 8 to 11 of the base nonce; no place reaches the first four. */
  #high: number;
  #low: number;

  /** @throws RangeError unless `baseNonce` has 12 bytes. */
  constructor(baseNonce: Uint8Array) {
    if (baseNonce.length !== NONCE_LENGTH)
      throw new RangeError(`A nonce has ${NONCE_LENGTH} bytes, not ${baseNonce.length}`);
    this.#nonce = Uint8Array.from(baseNonce);
    this.#view = new DataView(this.#nonce.buffer);
    this.#high = this.#view.getUint32(4);
    this.#low = this.#view.getUint32(8);
  }

  /**
   * The nonce of the chunk at place `index`, valid until the next is asked for: ciphers copy it when they are made.
   *
   * @throws RangeError for a place beyond the format's limit, where nonces would come round again.
   */
  at(index: number): Uint8Array {
    if (!Number.isInteger(index) || index < 0 || index >= MAX_CHUNKS)
      throw new RangeError(`A blob has at most ${MAX_CHUNKS} chunks; there is no place ${index}`);
    this.#view.setUint32(4, this.#high ^ Math.floor(index / 2 ** 32));
    this.#view.setUint32(8, this.#low ^ (index >>> 0));
    return this.#nonce;
  }

  /** Forgets the base nonce. */
  wipe(): void {
    this.#nonce.fill(0);
    this.#high = 0;
    this.#low = 0;
  }
}
