import { SecretBytes, decodeBase64, decodeHex } from '@coffer/bytes';
import { KeyringError } from './keyring-error.ts';

/** Bytes of every root key. */
export const ROOT_KEY_LENGTH = 32;

/**
 * A root key written as 64 hexadecimal digits or as canonical base64 (44 characters); white space around it is ignored.
 *
 * @throws KeyringError `root_key_malformed`, naming `from` and never the text.
 */
export function parseRootKey(text: string, from: string): SecretBytes {
  const trimmed = text.trim();
  const bytes = decodeHex(trimmed) ?? decodeBase64(trimmed);
  if (bytes?.length === ROOT_KEY_LENGTH) return SecretBytes.take(bytes);
  bytes?.fill(0);
  throw new KeyringError(
    'root_key_malformed',
    `${from} must hold a root key of ${ROOT_KEY_LENGTH} bytes, as 64 hexadecimal digits or as base64. ` +
      'One can be made with: openssl rand -hex 32',
  );
}
