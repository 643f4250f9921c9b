import type { SecretBytes } from '@coffer/bytes';
import type { MemoryGlobalKey } from '@coffer/envelope-crypto';
import { openStoredKey } from './global-key.ts';
import { KeyringError } from './keyring-error.ts';
import type { KeyringContent } from './keyring-file.ts';

/**
 * All keys of a keyring file, opened. They are the caller's to wipe.
 *
 * @throws KeyringError `root_key_wrong` if none opens, `keyring_malformed` if only some do.
 */
export function openKeys(content: KeyringContent, rootKey: SecretBytes, path: string): MemoryGlobalKey[] {
  const tried = content.keys.map((stored) => openStoredKey(stored, rootKey));
  const keys = tried.filter((key) => key !== undefined);
  if (keys.length === tried.length) return keys;
  const someOpened = keys.some(({ key }) => key !== null);
  wipeKeys(keys);
  if (someOpened)
    throw new KeyringError(
      'keyring_malformed',
      `A key in the keyring ${path} is damaged. Put it back from your backup`,
    );
  throw new KeyringError(
    'root_key_wrong',
    `The root key or passphrase does not open the keyring ${path}. Give the one that it was made with. If that is ` +
      'the one given, the ' +
      'file is damaged',
  );
}

/** Zeroes the bytes of all keys. */
export function wipeKeys(keys: readonly MemoryGlobalKey[]): void {
  for (const { key } of keys) key?.wipe();
}
