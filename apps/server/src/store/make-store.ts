import type { Keyring } from '@coffer/keyring';
import { makeStore, type Storage } from '@coffer/storage-core';
import { StoreError, systemRandom } from '@coffer/storage-ports';
import { createLocalMetadata, localStoreLayout, readStoreMark, writeStoreMark } from '@coffer/store-local';
import type { PlaceConfig } from '../config/server-config.ts';
import { keyringPath, listStore } from '../keys/open-keys.ts';
import { StartupError } from '../startup-error.ts';

/** Makes the metadata of a new store, with its identity and the proof of its keys. @throws StartupError `data`. */
export async function makeMetadata({ data }: PlaceConfig, keys: Keyring): Promise<void> {
  await asStartupError(data, () =>
    createLocalMetadata(data, async (metadata) => {
      await makeStore({ metadata, keys, random: systemRandom });
    }),
  );
}

/**
 * Marks the blob folder as the store's, and puts the store on the keyring's list: from then on the store is complete.
 * @throws StartupError `data`.
 */
export async function finishStore(place: PlaceConfig, storage: Storage, keyring: Keyring): Promise<void> {
  const { data } = place;
  const identity = await storage.recovery.makeStore();
  await asStartupError(data, () => writeStoreMark(localStoreLayout.blobs(data), identity));
  await listStore(place, keyring, identity);
}

/**
 * Refuses parts of different stores after they were opened. Another process has compared them before, but a disk may
 * have been removed since.
 *
 * @throws StartupError `store_mismatch`, `data`.
 */
export async function requireOneStore({ data, keys }: PlaceConfig, storage: Storage, keyring: Keyring): Promise<void> {
  const identity = await storage.recovery.identity();
  const mark = await asStartupError(data, () => readStoreMark(localStoreLayout.blobs(data)));
  const isListed = keyring.stores.some(({ storeId }) => storeId === identity?.storeId);
  if (identity !== undefined && mark?.storeId === identity.storeId && isListed) return;
  throw new StartupError(
    'store_mismatch',
    `The metadata and the blobs in ${data} and the keyring ${keyringPath(keys)} are no longer those of one store.`,
  );
}

async function asStartupError<T>(data: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new StartupError('data', `The store in ${data} cannot be made: ${error.message}.`, { cause: error });
  }
}
