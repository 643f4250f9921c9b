import { openKeys } from './global-keys.ts';
import { filePlace } from './file-place.ts';
import { readKeyring } from './keyring-file.ts';
import type { KeyringPlace } from './keyring-place.ts';
import type { Keyring, KeyringOptions } from './keyring.ts';
import { LocalKeyring } from './local-keyring.ts';
import { findRootKey, type RootKeySource } from './root-key.ts';

/**
 * Opens the keyring in a file of that path, or in another place.
 *
 * @throws KeyringError `keyring_missing`, `keyring_malformed`, `keyring_version`, `root_key_missing`,
 * `root_key_malformed`, `root_key_wrong` or `unsafe_permissions`. Other errors of the file system pass through.
 */
export async function openKeyring(
  where: string | KeyringPlace,
  root: RootKeySource,
  options: KeyringOptions = {},
): Promise<Keyring> {
  const place = typeof where === 'string' ? filePlace(where) : where;
  const content = await readKeyring(place);
  const rootKey = await findRootKey(root, content.rootKey, place.name);
  try {
    const keys = openKeys(content, rootKey, place.name);
    const { keyringId, stores } = content;
    const { now = Date.now, engine } = options;
    return new LocalKeyring({ place, keyringId, rootKey, stores, keys, now, engine });
  } catch (error) {
    rootKey.wipe();
    throw error;
  }
}
