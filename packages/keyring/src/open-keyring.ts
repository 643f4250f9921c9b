import { openKeys } from './global-keys.ts';
import { readKeyringFile } from './keyring-file.ts';
import type { Keyring, KeyringOptions } from './keyring.ts';
import { LocalKeyring } from './local-keyring.ts';
import { findRootKey, type RootKeySource } from './root-key.ts';

/**
 * Opens a keyring.
 *
 * @throws KeyringError `keyring_missing`, `keyring_malformed`, `keyring_version`, `root_key_missing`,
 * `root_key_malformed`, `root_key_wrong` or `unsafe_permissions`. Other errors of the file system pass through.
 */
export async function openKeyring(path: string, root: RootKeySource, options: KeyringOptions = {}): Promise<Keyring> {
  const content = await readKeyringFile(path);
  const rootKey = await findRootKey(root, content.rootKey, path);
  try {
    const keys = openKeys(content, rootKey, path);
    const { keyringId, stores } = content;
    const { now = Date.now, engine } = options;
    return new LocalKeyring({ path, keyringId, rootKey, stores, keys, now, engine });
  } catch (error) {
    rootKey.wipe();
    throw error;
  }
}
