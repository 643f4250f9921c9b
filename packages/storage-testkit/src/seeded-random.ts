import { createHash } from 'node:crypto';
import type { RandomSource } from '@coffer/storage-ports';

/** A random source that gives the same bytes for the same seed: SHA-256 over the seed and a counter. For tests only. */
export function seededRandom(seed: string | number): RandomSource {
  let counter = 0;
  const block = () => createHash('sha256').update(`${seed}\n${counter++}`).digest();
  return {
    bytes: (length) => {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, block);
      return Uint8Array.from(Buffer.concat(blocks).subarray(0, length));
    },
  };
}
