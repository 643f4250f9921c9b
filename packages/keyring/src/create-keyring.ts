import { randomBytes } from 'node:crypto';
import { freshGlobalKey, storeActiveKey } from './global-key.ts';
import { filePlace } from './file-place.ts';
import { createKeyringText, keyringExists } from './keyring-file.ts';
import type { KeyringPlace } from './keyring-place.ts';
import type { Keyring, KeyringOptions } from './keyring.ts';
import { LocalKeyring } from './local-keyring.ts';
import { makeRootKey, type RootKeySource } from './root-key.ts';

/**
 * Makes a keyring, in a file of that path or in another place, with one active key, which serves no store yet, and
 * opens it. With root key kind `file` a missing root key file is made too, with a random key: back it up apart from the
 * data. Missing directories are made.
 *
 * @throws KeyringError `keyring_exists`, `unsafe_permissions` or `root_key_malformed`. Other errors of the file system
 * pass through.
 *
 * @example
 * ```ts
 * const directory = await mkdtemp(join(tmpdir(), 'coffer-'));
 * const root = { kind: 'file', path: join(directory, 'root.key') };
 * const keyring = await createKeyring(join(directory, 'keyring.json'), root);
 * assert.equal((await keyring.listKeys()).length, 1);
 * keyring.close();
 * await rm(directory, { recursive: true });
 * ```
 */
export async function createKeyring(
  where: string | KeyringPlace,
  root: RootKeySource,
  options: KeyringOptions = {},
): Promise<Keyring> {
  const place = typeof where === 'string' ? filePlace(where) : where;
  // Checked before a root key file is made or half a second is spent on a passphrase; the write below checks once more.
  if ((await place.identity()) !== undefined) throw keyringExists(place);
  const { rootKey, stored } = await makeRootKey(root);
  const now = options.now ?? Date.now;
  const key = freshGlobalKey(now());
  try {
    const keyringId = `kr_${randomBytes(8).toString('hex')}`;
    const keys = [storeActiveKey(key, rootKey)];
    await createKeyringText(place, { version: 1, keyringId, rootKey: stored, stores: [], keys });
    return new LocalKeyring({ place, keyringId, rootKey, stores: [], keys: [key], now, engine: options.engine });
  } catch (error) {
    rootKey.wipe();
    key.key.wipe();
    throw error;
  }
}
