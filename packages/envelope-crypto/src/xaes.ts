import { SecretBytes, publicRandomBytes } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';
import type { KeyEngine } from './key-engine.ts';
import { typescriptKeys } from './typescript-keys.ts';

const keyLength = 32;
const nonceLength = 24;
const tagLength = 16;

/** Bytes that XAES-256-GCM adds to a plaintext: nonce and tag. */
export const XAES_OVERHEAD = nonceLength + tagLength;

/**
 * Seals with XAES-256-GCM (c2sp.org/XAES-256-GCM): nonce(24) ‖ ciphertext ‖ tag(16). The nonce is random unless given;
 * giving one is for known-answer tests, since a nonce used twice under one key breaks both messages. `keys`: the
 * TypeScript engine by default.
 *
 * @throws EnvelopeError `wrong_key` unless the key has 32 bytes.
 */
export function sealXaes(
  key: SecretBytes,
  plaintext: SecretBytes,
  aad: Uint8Array,
  { nonce = publicRandomBytes(nonceLength), keys = typescriptKeys }: XaesOptions = {},
): Uint8Array {
  if (nonce.length !== nonceLength) throw new RangeError(`A nonce has ${nonceLength} bytes, not ${nonce.length}`);
  requireKey(key);
  const sealed = new Uint8Array(plaintext.length + XAES_OVERHEAD);
  key.expose((keyBytes) => {
    plaintext.expose((bytes) => {
      keys.wrap(keyBytes, nonce, bytes, aad, sealed);
    });
  });
  return sealed;
}

/** How {@link sealXaes} seals. */
export interface XaesOptions {
  readonly nonce?: Uint8Array;
  readonly keys?: KeyEngine | undefined;
}

/**
 * Opens what {@link sealXaes} made. The result is the caller's to wipe. `keys`: the TypeScript engine by default.
 *
 * @throws EnvelopeError `malformed` if `sealed` is shorter than nonce and tag; `wrong_key` unless the key has 32 bytes;
 * `not_authentic` if key, aad or any byte is not the one it was sealed with.
 */
export function openXaes(
  key: SecretBytes,
  sealed: Uint8Array,
  aad: Uint8Array,
  { keys = typescriptKeys }: Pick<XaesOptions, 'keys'> = {},
): SecretBytes {
  if (sealed.length < XAES_OVERHEAD)
    throw new EnvelopeError('malformed', `Sealed bytes are at least ${XAES_OVERHEAD} long, not ${sealed.length}`);
  requireKey(key);
  return SecretBytes.made(sealed.length - XAES_OVERHEAD, (plaintext) => {
    if (!key.expose((keyBytes) => keys.unwrap(keyBytes, sealed, aad, plaintext)))
      throw new EnvelopeError('not_authentic', 'Sealed bytes are damaged, or belong to another key or place');
  });
}

function requireKey(key: SecretBytes): void {
  if (key.length !== keyLength)
    throw new EnvelopeError('wrong_key', `A wrapping key has ${keyLength} bytes, not ${key.length}`);
}
