/** Where identifiers' random bytes come from, so that tests can be reproduced. Never used for keys. */
export interface RandomSource {
  /** `length` fresh random bytes. */
  bytes(length: number): Uint8Array;
}

const pool = new Uint8Array(4096);
let used = pool.length;

/** The platform's cryptographic random source, asked for some hundred identifiers at a time: each call of it costs microseconds. */
export const systemRandom: RandomSource = {
  bytes: (length) => {
    if (length > pool.length / 8) return globalThis.crypto.getRandomValues(new Uint8Array(length));
    if (used + length > pool.length) {
      globalThis.crypto.getRandomValues(pool);
      used = 0;
    }
    used += length;
    return pool.slice(used - length, used);
  },
};
