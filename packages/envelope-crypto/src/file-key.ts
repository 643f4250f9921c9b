import { SecretBytes } from '@coffer/bytes';

/** Bytes of every file key. */
export const FILE_KEY_LENGTH = 32;

/**
 * A fresh file key from the platform's cryptographic random source. One per file version: never shared between
 * versions, also not by a copy. The caller wipes it.
 */
export function generateFileKey(): SecretBytes {
  return SecretBytes.random(FILE_KEY_LENGTH);
}
