import { join } from 'node:path';
import { StoreError, type BlobFileSystem, type BlobStore, type MetadataStore } from '@coffer/storage-ports';
import { FileBlobStore } from '../file-blob-store.ts';
import { openLmdb } from '../lmdb-environment.ts';
import { LmdbMetadataStore } from '../lmdb-metadata-store.ts';
import { localStoreLayout } from '../local-store-layout.ts';
import { SpaceReserve } from '../space-reserve.ts';
import { storeFailure } from '../store-failure.ts';
import { viewMetadata } from './metadata-view.ts';

/** Where a store to be read is. */
export interface OpenToReadOptions {
  readonly directory: string;
  /** Whether another process may be writing to it. */
  readonly inUse: boolean;
  readonly blobFileSystem?: BlobFileSystem;
}

/** A store that cannot be changed: what would change it rejects with StoreError `io`. */
export interface ReadableLocalStore {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens a store for reading, and changes nothing in its directory, but for the reader table of LMDB's lock file where
 * others have the store open. The metadata must have been found to be whole: see {@link checkMetadata}.
 *
 * @throws StoreError `io`.
 */
export async function openLocalStoreToRead(options: OpenToReadOptions): Promise<ReadableLocalStore> {
  const { directory, inUse, blobFileSystem } = options;
  const metadata = await openMetadataToRead(localStoreLayout.metadata(directory), inUse);
  const blobs = FileBlobStore.openExisting(localStoreLayout.blobs(directory), blobFileSystem);
  return {
    metadata,
    blobs: withoutChanges(blobs),
    close: async () => {
      await Promise.all([metadata.close(), blobs.close()]);
    },
  };
}

/** The metadata alone, in its own directory. */
export async function openMetadataToRead(directory: string, inUse: boolean): Promise<MetadataStore> {
  const view = await viewMetadata(directory, inUse);
  try {
    // Beside others as they have it open: one process must not have an environment open in two ways, and may be theirs.
    const environment = await openLmdb(view.directory, { readOnly: !inUse });
    const store = new LmdbMetadataStore(environment, new SpaceReserve(join(view.directory, 'reserve')));
    return {
      get: (table, key) => store.get(table, key),
      scan: (table, options) => store.scan(table, options),
      commit: refuse,
      close: async () => {
        await store.close();
        await view.remove();
      },
    };
  } catch (error) {
    await view.remove();
    throw storeFailure('Opening the metadata', error);
  }
}

function withoutChanges(blobs: BlobStore): BlobStore {
  return {
    write: async (_blobId, stream) => {
      await stream[Symbol.asyncIterator]().return?.();
      return refuse();
    },
    size: (blobId) => blobs.size(blobId),
    read: (blobId, range) => blobs.read(blobId, range),
    delete: refuse,
    list: (options) => blobs.list(options),
    quarantine: refuse,
    listQuarantine: (options) => blobs.listQuarantine(options),
    restore: refuse,
    purge: refuse,
    sweep: refuse,
    close: () => blobs.close(),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new StoreError('io', 'The store was opened for reading only'));
}
