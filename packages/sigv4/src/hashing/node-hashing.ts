import { createHash, createHmac } from 'node:crypto';
import type { Hashing } from './hashing.ts';

/** Digests of `node:crypto`, for runtimes that have it. */
export const hashing: Hashing = {
  startSha256() {
    const hash = createHash('sha256');
    return {
      update(piece) {
        hash.update(piece);
      },
      hex: () => hash.digest('hex'),
    };
  },
  sha256Hex(data) {
    const hash = createHash('sha256');
    return (typeof data === 'string' ? hash.update(data, 'latin1') : hash.update(data)).digest('hex');
  },
  hmac: (key, text) => createHmac('sha256', key).update(text, 'latin1').digest(),
};
