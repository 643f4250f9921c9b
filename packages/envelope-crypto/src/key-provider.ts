import type { SecretBytes } from '@coffer/bytes';
import type { ChecksumMasks } from './checksum-masks.ts';

/**
 * - `active`: wraps and unwraps; every provider has exactly one such key;
 * - `decrypt-only`: unwraps and makes seals; wraps nothing new;
 * - `destroyed`: its bytes are gone, only its id is remembered.
 */
export type GlobalKeyState = 'active' | 'decrypt-only' | 'destroyed';

/** What may be known of a global key. */
export interface GlobalKeyInfo {
  /** Visible ASCII without spaces, unique for ever: an id is never given to a second key. */
  readonly id: string;
  readonly state: GlobalKeyState;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/**
 * What a keyed checksum is for. Each purpose has a key of its own, so one purpose's checksum is worthless for another.
 */
export type MacPurpose = 'coffer/record/v1' | 'coffer/access/v1' | 'coffer/token/v1' | 'coffer/canary/v1';

/**
 * The port to whatever holds the global keys: a keyring file, a KMS. Global key bytes never leave it.
 *
 * Every method may be called concurrently. A key provider that cannot be reached rejects with its own error; it never
 * answers with an {@link EnvelopeError} code for that, since those mean that data is damaged or a key is gone.
 */
export interface KeyProvider {
  /** The id of the one active key. It may change between two calls, when a key is added. */
  activeKeyId(): Promise<string>;

  /** All keys that were ever made, destroyed ones too, oldest first. */
  listKeys(): Promise<readonly GlobalKeyInfo[]>;

  /**
   * Seals `plaintext` with XAES-256-GCM (c2sp.org/XAES-256-GCM) under the named key and a fresh random nonce: nonce(24)
   * ‖ ciphertext ‖ tag(16). The same `aad` is needed to unwrap. `plaintext` has any length and stays the caller's; it
   * is not wiped.
   *
   * @throws EnvelopeError `unknown_key` unless the key is active, also when it was active a moment ago.
   */
  wrap(globalKeyId: string, plaintext: SecretBytes, aad: Uint8Array): Promise<Uint8Array>;

  /**
   * Opens what {@link KeyProvider.wrap} made. The key may be active or decrypt-only. The result is the caller's to
   * wipe.
   *
   * @throws EnvelopeError `unknown_key` if the key does not exist or was destroyed; `malformed` if `wrapped` is shorter
   * than 40 bytes; `not_authentic` if it was changed, made under another key or bound to another `aad`.
   */
  unwrap(globalKeyId: string, wrapped: Uint8Array, aad: Uint8Array): Promise<SecretBytes>;

  /**
   * HMAC-SHA-256 of `message`, 32 bytes, keyed with HKDF-Expand-SHA512(global key, purpose as ASCII, 32 bytes): see
   * `purposeMac`. The key may be active or decrypt-only. Deterministic.
   *
   * @throws EnvelopeError `unknown_key` if the key does not exist or was destroyed.
   */
  mac(globalKeyId: string, purpose: MacPurpose, message: Uint8Array): Promise<Uint8Array>;

  /**
   * Masks for checksums, with the checksum key HKDF-Expand-SHA512(global key, "coffer/checksum/v1", 32 bytes). The key
   * may be active or decrypt-only.
   *
   * @throws EnvelopeError `unknown_key` if the key does not exist or was destroyed.
   */
  checksumMasks(globalKeyId: string): Promise<ChecksumMasks>;
}
