import { encodeHex } from '@coffer/bytes';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Hashing } from './hashing.ts';

/** Digests in JavaScript, for browsers: their own ones are asynchronous and take no data in pieces. */
export const hashing: Hashing = {
  startSha256() {
    const hash = sha256.create();
    return {
      update(piece) {
        hash.update(piece);
      },
      hex: () => encodeHex(hash.digest()),
    };
  },
  sha256Hex: (data) => encodeHex(sha256(typeof data === 'string' ? bytesOf(data) : data)),
  hmac: (key, text) => hmac(sha256, key, bytesOf(text)),
};

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
