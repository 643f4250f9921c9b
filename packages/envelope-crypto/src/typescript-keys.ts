import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { hkdfExpandSha512 } from './hkdf-expand.ts';
import type { KeyEngine } from './key-engine.ts';

const nonceLength = 24;
const tagLength = 16;

/** The engine over `node:crypto`, which runs everywhere. What other engines are compared with. */
export const typescriptKeys: KeyEngine = {
  expand(key, info, okm) {
    const derived = hkdfExpandSha512(key, info, okm.length);
    okm.set(derived);
    derived.fill(0);
  },

  mac(key, message) {
    return new Uint8Array(createHmac('sha256', key).update(message).digest());
  },

  wrap(key, nonce, plaintext, aad, sealed) {
    withSubkey(key, nonce, (subkey) => {
      const cipher = createCipheriv('aes-256-gcm', subkey, nonce.subarray(12)).setAAD(aad);
      sealed.set(nonce);
      sealed.set(cipher.update(plaintext), nonceLength);
      cipher.final();
      sealed.set(cipher.getAuthTag(), nonceLength + plaintext.length);
    });
  },

  unwrap(key, sealed, aad, plaintext) {
    const nonce = sealed.subarray(0, nonceLength);
    const end = sealed.length - tagLength;
    return withSubkey(key, nonce, (subkey) => {
      const decipher = createDecipheriv('aes-256-gcm', subkey, nonce.subarray(12), { authTagLength: tagLength });
      decipher.setAAD(aad).setAuthTag(sealed.subarray(end));
      const opened = decipher.update(sealed.subarray(nonceLength, end));
      try {
        decipher.final();
        plaintext.set(opened);
        return true;
      } catch {
        plaintext.fill(0);
        return false;
      } finally {
        opened.fill(0);
      }
    });
  },
};

function withSubkey<T>(key: Uint8Array, nonce: Uint8Array, use: (subkey: Uint8Array) => T): T {
  const subkey = deriveSubkey(key, nonce);
  try {
    return use(subkey);
  } finally {
    subkey.fill(0);
  }
}

/** NIST SP 800-108r1 counter-mode KDF with CMAC, cut down to the two blocks that XAES needs. */
function deriveSubkey(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  // Each block is one AES call, which is what the KDF asks for: with independent blocks ECB is just that.
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const k1 = doubled(cipher.update(new Uint8Array(16)));
  const blocks = new Uint8Array(32);
  for (const counter of [1, 2]) {
    const block = blocks.subarray(16 * (counter - 1), 16 * counter);
    block.set([0, counter, 0x58, 0]);
    block.set(nonce.subarray(0, 12), 4);
    for (let i = 0; i < block.length; i++) block[i] = (block[i] ?? 0) ^ (k1[i] ?? 0);
  }
  k1.fill(0);
  return cipher.update(blocks);
}

/** The block times x in GF(2^128), without a branch on secret bits. */
function doubled(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(16);
  for (let i = 0; i < 16; i++) result[i] = ((block[i] ?? 0) << 1) | ((block[i + 1] ?? 0) >> 7);
  result[15] = (result[15] ?? 0) ^ (0x87 * ((block[0] ?? 0) >> 7));
  block.fill(0);
  return result;
}
