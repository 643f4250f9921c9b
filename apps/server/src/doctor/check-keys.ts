import { headerMetadataSize } from '@coffer/b2-protocol';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Keyring } from '@coffer/keyring';
import { checkLocalStore, machineClock, openLocalStore } from '@coffer/store-local';
import { createStorage } from '@coffer/storage-core';
import { systemRandom } from '@coffer/storage-ports';
import type { PlaceConfig } from '../config/server-config.ts';
import { keyringPath, openKeys } from '../keys/open-keys.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { proveKeys } from '../server/open-storage.ts';
import { StartupError } from '../startup-error.ts';
import { checkClock } from './check-clock.ts';
import { checkOwnerOnly } from './check-permissions.ts';
import { note, ok, problem, type Finding } from './finding.ts';

/** Keyring and root key: their files, whether they open, and whether they are those of the data. */
export async function checkKeys(place: PlaceConfig, environment: Environment): Promise<readonly Finding[]> {
  const state = (await checkLocalStore(place.data)).metadata;
  const path = keyringPath(place.keys);
  if (state === 'absent' && !(await exists(path))) {
    return [note('There are no keys yet.', 'Nothing to do: the first start makes them.')];
  }
  return [
    await checkOwnerOnly(place.keys, 'The key directory', '700'),
    await checkOwnerOnly(path, 'The keyring', '600'),
    ...(await rootKeyFile(place)),
    ...(await opened(place, environment, state === 'opens')),
  ];
}

async function rootKeyFile({ rootKey, data }: PlaceConfig): Promise<readonly Finding[]> {
  if (rootKey.kind !== 'file') return [];
  const file = await checkOwnerOnly(rootKey.path, 'The root key file', '600');
  return [file, ...(await sameDisk(dirname(rootKey.path), data))];
}

/** Not wrong, since a small machine has one disk; but one theft then takes both. */
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
    // That one of them is not there is found elsewhere.
    return [];
  }
}

async function opened(place: PlaceConfig, environment: Environment, hasStore: boolean): Promise<readonly Finding[]> {
  try {
    const keyring = await openKeys(place, environment);
    try {
      const opens = ok('The root key opens the keyring.');
      return hasStore ? [opens, ...(await canary(place, keyring))] : [opens];
    } finally {
      keyring.close();
    }
  } catch (error) {
    return [asProblem(error, 'Until this is mended the server does not start; no data is lost by that.')];
  }
}

/** The proof of the keyring, and the mark of the clock beside it. */
async function canary(place: PlaceConfig, keyring: Keyring): Promise<readonly Finding[]> {
  const store = await openLocalStore({ directory: place.data });
  try {
    const ports = {
      metadata: store.metadata,
      blobs: store.blobs,
      keys: keyring,
      clock: machineClock,
      random: systemRandom,
      metadataSize: headerMetadataSize,
    };
    const storage = createStorage(ports);
    await proveKeys(place, storage);
    return [ok('The keyring is the one that the data was written with.'), await checkClock(storage)];
  } catch (error) {
    return [asProblem(error, 'Put the right keyring and root key back from your backup.')];
  } finally {
    await store.close();
  }
}

function asProblem(error: unknown, mend: string): Finding {
  if (error instanceof StartupError) return problem(error.message, mend);
  throw error;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
