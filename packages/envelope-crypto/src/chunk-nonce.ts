import { MAX_CHUNKS } from './blob-layout.ts';

/** Bytes of an AES-GCM nonce. */
export const NONCE_LENGTH = 12;

/**
 * The nonce of the chunk at place `index`: the base nonce with the place XORed in as a big-endian integer.
 *
 * @throws RangeError for a place beyond the format's limit, where nonces would come round again.
 */
export function chunkNonce(baseNonce: Uint8Array, index: number): Uint8Array {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_CHUNKS)
    throw new RangeError(`A blob has at most ${MAX_CHUNKS} chunks; there is no place ${index}`);
  const nonce = baseNonce.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(8, view.getUint32(8) ^ (index >>> 0));
  view.setUint32(4, view.getUint32(4) ^ Math.floor(index / 2 ** 32));
  return nonce;
}
