/**
 * What is done with single keys (`docs/format.md`): deriving, wrapping, keyed checksums. All engines give the same
 * bytes. Keys come with each call, and no engine keeps one; the caller wipes what is its own.
 *
 * Lengths are the caller's to check: what an engine does with others is its own. Arrays that are written to overlap no
 * others.
 */
export interface KeyEngine {
  /** HKDF-Expand with SHA-512 (RFC 5869 section 2.3) under a key of 32 bytes, into all of `okm`. */
  expand(key: Uint8Array, info: Uint8Array, okm: Uint8Array): void;

  /** HMAC-SHA-256 under a key of 32 bytes: 32 bytes. */
  mac(key: Uint8Array, message: Uint8Array): Uint8Array;

  /**
   * Seals with XAES-256-GCM (c2sp.org/XAES-256-GCM) under a key of 32 bytes and a nonce of 24: nonce ‖ ciphertext ‖
   * tag(16) into `sealed`.
   */
  wrap(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array, sealed: Uint8Array): void;

  /** Opens what `wrap` sealed. False: it is not authentic, and `plaintext` is zero. */
  unwrap(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): boolean;
}
