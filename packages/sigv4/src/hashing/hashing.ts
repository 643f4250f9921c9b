/** A SHA-256 that data passes through in pieces. */
export interface RunningSha256 {
  update(piece: Uint8Array): void;
  /** The digest in lower-case hexadecimal; afterwards the object is of no more use. */
  hex(): string;
}

/**
 * The digests of Signature Version 4. Texts are hashed as one byte per code unit, which is how headers and targets are
 * held here; whoever calls has made sure that no code unit is above 0xff.
 */
export interface Hashing {
  startSha256(): RunningSha256;
  /** Lower-case hexadecimal. */
  sha256Hex(data: Uint8Array | string): string;
  /** HMAC-SHA256 (RFC 2104); `key` is neither kept nor changed. */
  hmac(key: Uint8Array, text: string): Uint8Array;
}
