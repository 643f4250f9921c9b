import { headerMetadataSize } from '@coffer/b2-protocol';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Keyring } from '@coffer/keyring';
import { machineClock, openLocalStoreToRead, type LocalStoreParts } from '@coffer/store-local';
import { createStorage } from '@coffer/storage-core';
import { systemRandom } from '@coffer/storage-ports';
import type { PlaceConfig } from '../config/server-config.ts';
import { isThere } from '../data/data-directory.ts';
import { keyringPath, openKeys } from '../keys/open-keys.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { proveKeys } from '../server/open-storage.ts';
import { StartupError } from '../startup-error.ts';
import { checkClock } from './check-clock.ts';
import { checkUnnamedBlobs } from './check-unnamed-blobs.ts';
import { judgeStore, requireUsableParts } from '../store/judge-store.ts';
import { checkOwnerOnly } from './check-permissions.ts';
import { asProblem, note, ok, type Finding } from './finding.ts';

/** What was found in the data directory; `parts` is undefined if it cannot be read. */
interface FoundStore {
  readonly parts: LocalStoreParts | undefined;
  readonly inUse: boolean;
}

/** Checks keyring and root key: their files, whether they can be opened, and whether they belong to the data. */
export async function checkKeys(
  place: PlaceConfig,
  environment: Environment,
  found: FoundStore,
): Promise<readonly Finding[]> {
  const path = keyringPath(place.keys);
  if (found.parts?.metadata.state === 'absent' && !(await isThere(path))) {
    return [note('There are no keys yet.', 'Nothing to do: the first start makes them.')];
  }
  return [
    await checkOwnerOnly(place.keys, 'The key directory', '700'),
    await checkOwnerOnly(path, 'The keyring', '600'),
    ...(await rootKeyFile(place)),
    ...(await opened(place, environment, found)),
  ];
}

async function rootKeyFile({ rootKey, data }: PlaceConfig): Promise<readonly Finding[]> {
  if (rootKey.kind !== 'file') return [];
  const file = await checkOwnerOnly(rootKey.path, 'The root key file', '600');
  return [file, ...(await sameDisk(dirname(rootKey.path), data))];
}

/**
 * Notes if keys and data are on the same disk. That is no problem, since a small machine has only one disk, but one
 * theft then takes both.
 */
async function sameDisk(keys: string, data: string): Promise<readonly Finding[]> {
  try {
    const [a, b] = await Promise.all([stat(keys), stat(data)]);
    if (a.dev !== b.dev) return [];
    return [
      note(
        'Root key and data are on the same disk.',
        'Keep them apart at least in backups: whoever has both can read everything.',
      ),
    ];
  } catch {
    // Another check reports a missing directory.
    return [];
  }
}

async function opened(place: PlaceConfig, environment: Environment, found: FoundStore): Promise<readonly Finding[]> {
  let keyring: Keyring;
  try {
    keyring = await openKeys(place, environment);
  } catch (error) {
    return [asProblem(error, 'Until this is mended the server does not start; no data is lost by that.')];
  }
  try {
    return [ok('The root key opens the keyring.'), ...(await belongsToData(place, keyring, found))];
  } finally {
    keyring.close();
  }
}

/** Checks whether a start would accept data and keyring as parts of one store, and the proof that they are. */
async function belongsToData(
  place: PlaceConfig,
  keyring: Keyring,
  { parts, inUse }: FoundStore,
): Promise<readonly Finding[]> {
  try {
    if (parts === undefined || !areUsable(place, parts)) return [];
    const verdict = judgeStore(place, { parts, keyring, newStore: false });
    if (verdict === 'make')
      return [note('There is no data yet.', 'Nothing to do: the first start makes what is needed.')];
    const proven = await canary(place, keyring, inUse);
    if (verdict === 'serve') return proven;
    return [...proven, note('The first start was cut short.', 'Nothing to do: the next start completes it.')];
  } catch (error) {
    return [asProblem(error, 'Until this is mended the server does not start; it changes nothing meanwhile.')];
  }
}

/** Whether the parts of the store can be used. If not, the check of the data has reported it. */
function areUsable(place: PlaceConfig, parts: LocalStoreParts): boolean {
  try {
    requireUsableParts(place, parts);
    return true;
  } catch (error) {
    if (error instanceof StartupError) return false;
    throw error;
  }
}

/**
 * Checks the proof of the keyring, the clock by its mark in the store, and blobs that nothing names. @throws
 * StartupError `keys`.
 */
async function canary(place: PlaceConfig, keyring: Keyring, inUse: boolean): Promise<readonly Finding[]> {
  const store = await openLocalStoreToRead({ directory: place.data, inUse });
  try {
    const { metadata, blobs } = store;
    const ports = { metadata, blobs, keys: keyring, clock: machineClock, random: systemRandom };
    const storage = createStorage({ ...ports, metadataSize: headerMetadataSize });
    await proveKeys(place, storage);
    return [
      ok('The keyring is the one that the data was written with.'),
      await checkClock(storage),
      ...(await checkUnnamedBlobs(storage, inUse)),
    ];
  } finally {
    await store.close();
  }
}
