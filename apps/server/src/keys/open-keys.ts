import { join } from 'node:path';
import { createKeyring, KeyringError, openKeyring, type Keyring } from '@coffer/keyring';
import type { PlaceConfig } from '../config/server-config.ts';
import { StartupError, systemErrorCode, systemReason } from '../startup-error.ts';
import { rootKeyFrom, type Environment } from './root-key-source.ts';

export const keyringPath = (keys: string): string => join(keys, 'keyring.json');

/**
 * Opens the keyring that is there.
 *
 * @throws StartupError `keys` if it or its root key is missing, damaged or another one's.
 */
export async function openKeys(place: PlaceConfig, environment: Environment): Promise<Keyring> {
  return asStartupError(place, () => openKeyring(keyringPath(place.keys), rootKeyFrom(place.rootKey, environment)));
}

/**
 * Makes a new active key; its id.
 *
 * @throws StartupError `keys` if the keyring can not be changed.
 */
export async function addKey(place: PlaceConfig, keyring: Keyring): Promise<string> {
  return asStartupError(place, () => keyring.addKey());
}

/**
 * Opens the keyring, or makes one where there is no data yet: a new key over existing data would hide that the right one is lost.
 *
 * @throws StartupError `keys`.
 */
export async function openOrCreateKeys(
  place: PlaceConfig,
  environment: Environment,
  hasData: boolean,
): Promise<{ readonly keyring: Keyring; readonly created: boolean }> {
  const path = keyringPath(place.keys);
  const root = rootKeyFrom(place.rootKey, environment);
  return asStartupError(place, async () => {
    try {
      return { keyring: await openKeyring(path, root), created: false };
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (hasData) throw keyringLost(place);
      return { keyring: await createKeyring(path, root), created: true };
    }
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof KeyringError && error.code === 'keyring_missing';
}

function keyringLost({ data, keys }: PlaceConfig): StartupError {
  return new StartupError(
    'keys',
    `There is data in ${data}, but no keyring at ${keyringPath(keys)}. Encrypted files can be read only with the keyring they were written with, ` +
      `so no new one is made. Put the keyring and its root key back from your backup, say with --keys where they are, or choose an empty data directory with --data.`,
  );
}

async function asStartupError<T>({ keys }: PlaceConfig, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof KeyringError) throw new StartupError('keys', `${error.message}.`, { cause: error });
    if (systemErrorCode(error) === undefined) throw error;
    throw new StartupError('keys', `The keys in ${keys} can not be used: ${systemReason(error)}.`, { cause: error });
  }
}
