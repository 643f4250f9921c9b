import { createHash } from 'node:crypto';
import type { StartSha1 } from './sha1.ts';

/** SHA-1 of `node:crypto`, for runtimes that have it. */
export const startSha1: StartSha1 = () => {
  const hash = createHash('sha1');
  return {
    update(piece) {
      hash.update(piece);
    },
    hex: () => hash.digest('hex'),
  };
};
