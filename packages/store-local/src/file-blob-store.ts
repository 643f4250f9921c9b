import { join } from 'node:path';
import type { ByteRange, ByteStream } from '@coffer/bytes';
import {
  StoreError,
  type BlobFileSystem,
  type BlobStore,
  type QuarantinedBlob,
  type SweepOptions,
} from '@coffer/storage-ports';
import { BlobFolders } from './blob-folders.ts';
import { listBlobs } from './blob-listing.ts';
import type { BlobPlace } from './blob-place.ts';
import { BlobQuarantine } from './blob-quarantine.ts';
import { readBlob } from './blob-reader.ts';
import { temporaryBlobId, writeBlob } from './blob-writer.ts';
import { DirectoryFlushes, type Flush } from './directory-flushes.ts';
import { makeDurableDirectory } from './durable-directory.ts';
import { nodeBlobFileSystem } from './node-blob-file-system.ts';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

/** The blob port over a folder of files. */
export class FileBlobStore implements BlobStore {
  readonly #place: BlobPlace;
  readonly #quarantine: BlobQuarantine;
  /**
   * Blobs that were removed but whose removal may not be on disk, because its flush failed: they may come back after a
   * crash, and a second flush may succeed without having written anything.
   */
  readonly #unsureRemovals = new Set<string>();
  #closed = false;

  private constructor(place: BlobPlace) {
    this.#place = place;
    this.#quarantine = new BlobQuarantine(place);
  }

  /** Opens the store in `root`; makes its folders if they do not exist. */
  static async open(root: string, files: BlobFileSystem = nodeBlobFileSystem): Promise<FileBlobStore> {
    const store = FileBlobStore.openExisting(root, files);
    await makeDurableDirectory(store.#place.folders.temporary, files);
    return store;
  }

  /** Opens the store in `root` without making anything. */
  static openExisting(root: string, files: BlobFileSystem = nodeBlobFileSystem): FileBlobStore {
    const flushes = new DirectoryFlushes((directory) => files.syncDirectory(directory));
    const folders = new BlobFolders(root, files, flushes);
    return new FileBlobStore({ files, folders, flushes });
  }

  async write(blobId: string, stream: ByteStream, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
    try {
      this.#place.folders.pathOf(blobId);
      this.#checkOpen();
    } catch (error) {
      await stream[Symbol.asyncIterator]().return?.();
      throw error;
    }
    return writeBlob(this.#place, blobId, stream, options.signal);
  }

  async size(blobId: string): Promise<number> {
    const path = this.#place.folders.pathOf(blobId);
    this.#checkOpen();
    try {
      return await this.#place.files.size(path);
    } catch (error) {
      throw await this.#place.folders.lookupFailure(blobId, error);
    }
  }

  async read(blobId: string, range?: ByteRange): Promise<ByteStream> {
    this.#place.folders.pathOf(blobId);
    this.#checkOpen();
    return readBlob(this.#place, blobId, range);
  }

  async delete(blobId: string): Promise<void> {
    const { files, folders, flushes } = this.#place;
    const path = folders.pathOf(blobId);
    this.#checkOpen();
    const flush = flushes.begin(folders.folderOf(blobId));
    try {
      await files.unlink(path);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw storeFailure(`Deleting blob ${blobId}`, error);
      if (this.#unsureRemovals.has(blobId)) throw storeFailure(`Deleting blob ${blobId} again`, error);
    }
    // Flushed even if the blob was gone: whoever removed it may not have flushed the removal.
    await this.#flushRemoval(blobId, flush);
  }

  async list({ after = '', limit }: { readonly after?: string; readonly limit: number }): Promise<readonly string[]> {
    checkLimit(limit);
    this.#checkOpen();
    return listBlobs(this.#place, after, limit);
  }

  async quarantine(blobId: string, at: number): Promise<void> {
    this.#place.folders.pathOf(blobId);
    this.#checkOpen();
    await this.#quarantine.add(blobId, at);
  }

  async listQuarantine(options: {
    readonly after?: string;
    readonly limit: number;
  }): Promise<readonly QuarantinedBlob[]> {
    checkLimit(options.limit);
    this.#checkOpen();
    return this.#quarantine.list(options.after ?? '', options.limit);
  }

  async restore(blobId: string): Promise<void> {
    this.#place.folders.pathOf(blobId);
    this.#checkOpen();
    await this.#quarantine.restore(blobId);
  }

  async purge(blobId: string): Promise<void> {
    this.#place.folders.pathOf(blobId);
    this.#checkOpen();
    await this.#quarantine.purge(blobId);
  }

  async sweep({ live }: SweepOptions = {}): Promise<number> {
    this.#checkOpen();
    const { files, folders } = this.#place;
    const { temporary } = folders;
    const leftovers = await attempt('Listing leftovers', files.readdir(temporary));
    let removed = 0;
    for (const name of leftovers) {
      if ((await live?.(temporaryBlobId(name))) === true) continue;
      if (await this.#removeLeftover(join(temporary, name))) removed++;
    }
    await attempt('Flushing the removal of leftovers', files.syncDirectory(temporary));
    return removed;
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #flushRemoval(blobId: string, flush: Flush): Promise<void> {
    try {
      await flush();
      this.#unsureRemovals.delete(blobId);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) {
        this.#unsureRemovals.add(blobId);
        throw storeFailure(`Deleting blob ${blobId}`, error);
      }
      // The blob's folder does not exist, so there never was such a blob, provided that the store itself is still
      // there.
      const failure = await this.#place.folders.lookupFailure(blobId, error);
      if (failure.code !== 'missing_blob') throw failure;
    }
  }

  /** Whether it was still there: a write that ended meanwhile has removed its own file. */
  async #removeLeftover(path: string): Promise<boolean> {
    try {
      await this.#place.files.unlink(path);
      return true;
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return false;
      throw storeFailure('Removing a leftover', error);
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'The blob store was closed');
  }
}

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`A limit is a positive integer, not ${limit}`);
}

/**
 * Opens only the blobs of a local store, which {@link openLocalStore} keeps under `blobs`, for use with metadata that
 * is kept elsewhere. Makes the folders if they do not exist.
 *
 * @throws StoreError `full` or `io` if the folder cannot be made or used.
 */
export async function openFileBlobStore(root: string, files?: BlobFileSystem): Promise<BlobStore> {
  return attempt('Opening the blob folder', FileBlobStore.open(root, files));
}
