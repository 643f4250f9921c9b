import { hashing } from '#hashing';

/** The SHA-256 of bytes, or of the UTF-8 of a text, in lower-case hexadecimal: what a `sha256` payload takes. */
export function sha256Hex(data: Uint8Array | string): string {
  return hashing.sha256Hex(typeof data === 'string' ? new TextEncoder().encode(data) : data);
}
