import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StoreError, type BlobFileSystem, type BlobStore, type MetadataStore } from '@coffer/storage-ports';
import { makeDurableDirectory, syncDirectory } from './durable-directory.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { checkLmdbFiles } from './lmdb-files.ts';
import { openLmdb } from './lmdb-environment.ts';
import { LmdbMetadataStore } from './lmdb-metadata-store.ts';
import { localStoreLayout } from './local-store-layout.ts';
import { reservingBlobStore } from './reserving-blob-store.ts';
import { SpaceReserve } from './space-reserve.ts';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

export { localStoreLayout } from './local-store-layout.ts';

/** Where the store is, and over which file system its blobs are. */
export interface LocalStoreOptions {
  /** Where everything is kept; made, mode 0700, where it is not there. Must be on a local file system. */
  readonly directory: string;
  /** Refuse to make a store where there is none, and to make a part of it that is missing. Default: false. */
  readonly existing?: boolean;
  /** How blobs are reached; the operating system's file system by default. Another one is for tests. */
  readonly blobFileSystem?: BlobFileSystem;
}

/** The embedded store: metadata in LMDB under `metadata`, blobs as files under `blobs`. */
export interface LocalStore {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  /**
   * Makes `data.mdb` in a directory, which must be empty: a consistent copy of the metadata, with every commit that was
   * acknowledged before. Other processes go on. The file is not flushed.
   *
   * @throws StoreError `full`, `io`, `closed`.
   */
  copyMetadata(directory: string): Promise<void>;
  /** Waits for commits under way and closes both stores. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the store in a directory, creating it where it is not there. Several processes may have the same one open.
 *
 * @throws StoreError `full` or `io` if the directory cannot be made or used.
 *
 * @example
 * ```ts
 * const directory = await mkdtemp(join(tmpdir(), 'coffer-'));
 * const store = await openLocalStore({ directory });
 * assert.equal(await store.blobs.write('b1', streamOf(new Uint8Array([1, 2, 3]))), 3);
 * await store.close();
 * await rm(directory, { recursive: true });
 * ```
 */
export async function openLocalStore(options: LocalStoreOptions): Promise<LocalStore> {
  const { directory, blobFileSystem, existing = false } = options;
  try {
    if (existing) await requireParts(directory);
    const metadataDirectory = localStoreLayout.metadata(directory);
    await makeDurableDirectory(metadataDirectory);
    await flushNameOf(directory);
    const blobs = await FileBlobStore.open(localStoreLayout.blobs(directory), blobFileSystem);
    await checkLmdbFiles(metadataDirectory);
    const reserve = new SpaceReserve(join(metadataDirectory, 'reserve'));
    const metadata = new LmdbMetadataStore(await openLmdb(metadataDirectory), reserve);
    await syncDirectory(metadataDirectory);
    await reserve.open();
    const close = async () => {
      await Promise.all([metadata.close(), blobs.close()]);
    };
    return {
      metadata,
      blobs: reservingBlobStore(blobs, reserve),
      copyMetadata: (target) => metadata.copyTo(target),
      close,
    };
  } catch (error) {
    throw storeFailure('Opening the local store', error);
  }
}

/** Refuses a store with missing parts, so that a disk that is not mounted is not taken for an empty store. */
async function requireParts(directory: string): Promise<void> {
  for (const path of [join(localStoreLayout.metadata(directory), 'data.mdb'), localStoreLayout.blobs(directory)]) {
    const { size } = await attempt(`Looking for ${path}`, stat(path));
    if (size === 0) throw new StoreError('io', `The metadata file ${path} is empty`);
  }
}

/**
 * Flushes the name of the directory: whoever made it may have been interrupted before doing so. If the parent must not
 * be read, it is not flushed.
 */
async function flushNameOf(directory: string): Promise<void> {
  try {
    await syncDirectory(dirname(resolve(directory)));
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM')) throw error;
  }
}
