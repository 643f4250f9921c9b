import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetadataStore } from '@coffer/storage-ports';
import { makeDurableDirectory, syncDirectory } from './durable-directory.ts';
import { openLmdb } from './lmdb-environment.ts';
import { LmdbMetadataStore } from './lmdb-metadata-store.ts';
import { localStoreLayout } from './local-store-layout.ts';
import { SpaceReserve } from './space-reserve.ts';
import { storeFailure } from './store-failure.ts';

/**
 * Makes the metadata of a new store in a directory, with what `fill` writes: all of it is made, or nothing. Removes
 * what an earlier attempt left. Nobody else may use the directory.
 *
 * @throws StoreError `io` where there is metadata, `full`; or what `fill` rejected with.
 */
export async function createLocalMetadata(
  directory: string,
  fill: (metadata: MetadataStore) => Promise<void>,
): Promise<void> {
  const [making, made] = [localStoreLayout.newMetadata(directory), localStoreLayout.metadata(directory)];
  try {
    await rm(making, { recursive: true, force: true });
    await makeDurableDirectory(making);
    await fillStore(making, fill);
    await syncDirectory(making);
    // The system refuses this unless the place is free or an empty directory.
    await rename(making, made);
    await syncDirectory(directory);
  } catch (error) {
    throw storeFailure('Making the metadata', error);
  }
}

async function fillStore(directory: string, fill: (metadata: MetadataStore) => Promise<void>): Promise<void> {
  const store = new LmdbMetadataStore(await openLmdb(directory), new SpaceReserve(join(directory, 'reserve')));
  try {
    await fill(store);
  } finally {
    await store.close();
  }
}
