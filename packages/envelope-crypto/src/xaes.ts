import { createCipheriv, createDecipheriv } from 'node:crypto';
import { SecretBytes, concatBytes, publicRandomBytes } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';

const keyLength = 32;
const nonceLength = 24;
const tagLength = 16;

/** Bytes that XAES-256-GCM adds to a plaintext: nonce and tag. */
export const XAES_OVERHEAD = nonceLength + tagLength;

/**
 * Seals with XAES-256-GCM (c2sp.org/XAES-256-GCM): nonce(24) ‖ ciphertext ‖ tag(16). The nonce is random unless given;
 * giving one is for known-answer tests, since a nonce used twice under one key breaks both messages.
 *
 * @throws EnvelopeError `wrong_key` unless the key has 32 bytes.
 */
export function sealXaes(
  key: SecretBytes,
  plaintext: SecretBytes,
  aad: Uint8Array,
  options: { readonly nonce?: Uint8Array } = {},
): Uint8Array {
  const nonce = options.nonce ?? publicRandomBytes(nonceLength);
  if (nonce.length !== nonceLength) throw new RangeError(`A nonce has ${nonceLength} bytes, not ${nonce.length}`);
  return withSubkey(key, nonce, (subkey) => {
    const cipher = createCipheriv('aes-256-gcm', subkey, nonce.subarray(12)).setAAD(aad);
    const ciphertext = plaintext.expose((bytes) => cipher.update(bytes));
    cipher.final();
    return concatBytes([nonce, ciphertext, cipher.getAuthTag()]);
  });
}

/**
 * Opens what {@link sealXaes} made. The result is the caller's to wipe.
 *
 * @throws EnvelopeError `malformed` if `sealed` is shorter than nonce and tag; `wrong_key` unless the key has 32 bytes;
 * `not_authentic` if key, aad or any byte is not the one it was sealed with.
 */
export function openXaes(key: SecretBytes, sealed: Uint8Array, aad: Uint8Array): SecretBytes {
  if (sealed.length < XAES_OVERHEAD)
    throw new EnvelopeError('malformed', `Sealed bytes are at least ${XAES_OVERHEAD} long, not ${sealed.length}`);
  const nonce = sealed.subarray(0, nonceLength);
  const end = sealed.length - tagLength;
  return withSubkey(key, nonce, (subkey) => {
    const decipher = createDecipheriv('aes-256-gcm', subkey, nonce.subarray(12), { authTagLength: tagLength });
    decipher.setAAD(aad).setAuthTag(sealed.subarray(end));
    const plaintext = decipher.update(sealed.subarray(nonceLength, end));
    try {
      decipher.final();
    } catch {
      plaintext.fill(0);
      throw new EnvelopeError('not_authentic', 'Sealed bytes are damaged, or belong to another key or place');
    }
    return SecretBytes.take(plaintext);
  });
}

function withSubkey<T>(key: SecretBytes, nonce: Uint8Array, use: (subkey: Uint8Array) => T): T {
  if (key.length !== keyLength)
    throw new EnvelopeError('wrong_key', `A wrapping key has ${keyLength} bytes, not ${key.length}`);
  const subkey = key.expose((bytes) => deriveSubkey(bytes, nonce));
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
