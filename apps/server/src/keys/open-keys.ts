import { join } from 'node:path';
import type { KeyEngine } from '@coffer/envelope-crypto';
import { createKeyring, KeyringError, openKeyring, type Keyring, type ServedStore } from '@coffer/keyring';
import type { PlaceConfig } from '../config/server-config.ts';
import { StartupError, systemErrorCode, systemReason } from '../startup-error.ts';
import { rootKeyFrom, type Environment } from './root-key-source.ts';

export const keyringPath = (keys: string): string => join(keys, 'keyring.json');

/**
 * Opens the existing keyring. `engine`: what does the work with the keys, the one in TypeScript by default.
 *
 * @throws StartupError `keys` if it or its root key is missing or damaged, or if they do not belong together.
 */
export async function openKeys(place: PlaceConfig, environment: Environment, engine?: KeyEngine): Promise<Keyring> {
  const root = rootKeyFrom(place.rootKey, environment);
  return asStartupError(place, () => openKeyring(keyringPath(place.keys), root, { engine }));
}

/**
 * Makes a new active key; resolves with its id.
 *
 * @throws StartupError `keys` if the keyring cannot be changed.
 */
export async function addKey(place: PlaceConfig, keyring: Keyring): Promise<string> {
  return asStartupError(place, () => keyring.addKey());
}

/**
 * Opens the keyring, as {@link openKeys}; undefined if there is none.
 *
 * @throws StartupError `keys` if it or its root key is damaged, if they do not belong together, or if the root key is
 * missing.
 */
export async function openKeysIfThere(
  place: PlaceConfig,
  environment: Environment,
  engine?: KeyEngine,
): Promise<Keyring | undefined> {
  const root = rootKeyFrom(place.rootKey, environment);
  return asStartupError(place, async () => {
    try {
      return await openKeyring(keyringPath(place.keys), root, { engine });
    } catch (error) {
      if (error instanceof KeyringError && error.code === 'keyring_missing') return undefined;
      throw error;
    }
  });
}

/** Makes a keyring, which serves no store yet, and opens it as {@link openKeys}. @throws StartupError `keys`. */
export async function makeKeys(place: PlaceConfig, environment: Environment, engine?: KeyEngine): Promise<Keyring> {
  const root = rootKeyFrom(place.rootKey, environment);
  return asStartupError(place, () => createKeyring(keyringPath(place.keys), root, { engine }));
}

/** Puts a store on the keyring's list. @throws StartupError `keys` if the keyring cannot be changed. */
export async function listStore(place: PlaceConfig, keyring: Keyring, store: ServedStore): Promise<void> {
  await asStartupError(place, () => keyring.addStore(store));
}

async function asStartupError<T>({ keys }: PlaceConfig, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof KeyringError) throw new StartupError('keys', `${error.message}.`, { cause: error });
    if (systemErrorCode(error) === undefined) throw error;
    throw new StartupError('keys', `The keys in ${keys} cannot be used: ${systemReason(error)}.`, { cause: error });
  }
}
