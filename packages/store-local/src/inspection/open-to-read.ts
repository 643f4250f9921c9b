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

/** A store that is open for reading only: calls that would change it reject with StoreError `io`. */
export interface ReadableLocalStore {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens a store for reading. Changes nothing in its directory, except for the reader table in LMDB's lock file if
 * others have the store open. To be called only after {@link checkMetadata} has found the metadata to be whole.
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

/** Opens only the metadata, in the directory that holds it. */
export async function openMetadataToRead(directory: string, inUse: boolean): Promise<MetadataStore> {
  const view = await viewMetadata(directory, inUse);
  try {
    // If others have it open, it is opened in the same way as they do: they may be in this process, and one process
    // must not have an environment open in two ways.
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
