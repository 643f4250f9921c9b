import { encodeHex } from '@coffer/bytes';
import { sha1 } from '@noble/hashes/legacy.js';
import type { StartSha1 } from './sha1.ts';

/** SHA-1 in JavaScript, for browsers: their own is asynchronous and takes no data in pieces. */
export const startSha1: StartSha1 = () => {
  const hash = sha1.create();
  return {
    update(piece) {
      hash.update(piece);
    },
    hex: () => encodeHex(hash.digest()),
  };
};
