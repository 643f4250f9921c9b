import { createHmac, type KeyObject } from 'node:crypto';

const hashLength = 64;

/**
 * HKDF-Expand with SHA-512 (RFC 5869 section 2.3) without the extract step: `prk` must already be a uniformly random
 * key. `node:crypto` offers only both steps together. The result is the caller's to wipe.
 */
export function hkdfExpandSha512(prk: Uint8Array | KeyObject, info: Uint8Array, length: number): Uint8Array {
  if (!Number.isSafeInteger(length) || length < 0 || length > 255 * hashLength)
    throw new RangeError(`HKDF gives 0 to ${255 * hashLength} bytes, not ${length}`);
  const okm = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let offset = 0, counter = 1; offset < length; offset += hashLength, counter++) {
    const next = createHmac('sha512', prk).update(block).update(info).update(Uint8Array.of(counter)).digest();
    block.fill(0);
    block = next;
    okm.set(block.subarray(0, Math.min(hashLength, length - offset)), offset);
  }
  block.fill(0);
  return okm;
}
