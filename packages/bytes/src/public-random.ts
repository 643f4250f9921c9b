const pool = new Uint8Array(4096);
let used = pool.length;

/**
 * `length` fresh bytes from the platform's cryptographic random source for what need not stay secret: nonces, salts,
 * identifiers. Some hundred bytes are fetched at a time, since each call of the source costs microseconds. So they lie
 * in memory before they are given out; for keys, use {@link SecretBytes.random} instead.
 */
export function publicRandomBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > pool.length / 8) return globalThis.crypto.getRandomValues(new Uint8Array(length));
  if (used + length > pool.length) {
    globalThis.crypto.getRandomValues(pool);
    used = 0;
  }
  used += length;
  return pool.slice(used - length, used);
}
