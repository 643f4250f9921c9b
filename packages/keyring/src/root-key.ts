import type { SecretBytes, SecretString } from '@coffer/bytes';
import { KeyringError } from './keyring-error.ts';
import type { KeyringContent } from './keyring-file.ts';
import { freshScryptParameters, rootKeyOfPassphrase } from './passphrase.ts';
import { readOrCreateRootKeyFile, readRootKeyFile } from './root-key-file.ts';
import { parseRootKey } from './root-key-text.ts';

/**
 * Where the root key comes from:
 *
 * - `file`: a text file of mode 0600, outside the data directory;
 * - `value`: the text itself, as from an environment variable;
 * - `passphrase`: derived with scrypt.
 *
 * File and value hold 32 bytes as 64 hexadecimal digits or as base64. Secrets stay the caller's to wipe.
 */
export type RootKeySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'value'; readonly value: SecretString }
  | { readonly kind: 'passphrase'; readonly passphrase: SecretString };

type StoredRootKey = KeyringContent['rootKey'];

/** The root key for a new keyring, and what the keyring file is to say of it. A missing root key file is made. */
export async function makeRootKey(root: RootKeySource): Promise<{ rootKey: SecretBytes; stored: StoredRootKey }> {
  if (root.kind === 'passphrase') {
    const scrypt = freshScryptParameters();
    return { rootKey: await rootKeyOfPassphrase(root.passphrase, scrypt), stored: { source: 'passphrase', scrypt } };
  }
  const rootKey = root.kind === 'file' ? await readOrCreateRootKeyFile(root.path) : parseValue(root.value);
  return { rootKey, stored: { source: 'key' } };
}

/** The root key for the keyring at `keyringPath`, whose file says `stored`. */
export async function findRootKey(
  root: RootKeySource,
  stored: StoredRootKey,
  keyringPath: string,
): Promise<SecretBytes> {
  if (root.kind === 'passphrase') {
    if (stored.source === 'passphrase') return rootKeyOfPassphrase(root.passphrase, stored.scrypt);
    throw new KeyringError('root_key_wrong', `The keyring ${keyringPath} is opened by a root key, not by a passphrase`);
  }
  if (stored.source === 'passphrase')
    throw new KeyringError('root_key_wrong', `The keyring ${keyringPath} is opened by a passphrase, not by a root key`);
  return root.kind === 'file' ? readRootKeyFile(root.path) : parseValue(root.value);
}

function parseValue(value: SecretString): SecretBytes {
  return value.expose((text) => parseRootKey(text, 'The root key setting'));
}
