/** Bytes that a hash covers. */
export const windowLength = 8;

const base = 0x01000193;
const leaving = power(base, windowLength);

/** The 32-bit hash of {@link windowLength} bytes from `at` on. */
export function hashAt(bytes: Uint8Array, at: number): number {
  let hash = 0;
  for (let i = at; i < at + windowLength; i++) hash = (Math.imul(hash, base) + (bytes[i] ?? 0)) | 0;
  return hash;
}

/** The hash of the window one further: without its first byte and with the one behind its last. */
export function roll(hash: number, left: number, entered: number): number {
  return (Math.imul(hash, base) + entered - Math.imul(left, leaving)) | 0;
}

/** Spreads a hash, whose low bits depend on the last bytes most. */
export function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function power(of: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result = Math.imul(result, of);
  return result;
}
