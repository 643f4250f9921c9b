import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange, ByteStream } from '@coffer/bytes';
import { StoreError, type BlobStore } from '@coffer/storage-ports';
import { BlobFolders } from './blob-folders.ts';
import { listBlobs } from './blob-listing.ts';
import { readBlob } from './blob-reader.ts';
import { writeBlob } from './blob-writer.ts';
import { makeDurableDirectory, syncDirectory } from './durable-directory.ts';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

/** The blob port over a folder of files. */
export class FileBlobStore implements BlobStore {
  readonly #folders: BlobFolders;
  #closed = false;

  private constructor(folders: BlobFolders) {
    this.#folders = folders;
  }

  /** Opens the store in `root`, making its folders where they are not there. */
  static async open(root: string): Promise<FileBlobStore> {
    const folders = new BlobFolders(root);
    await makeDurableDirectory(folders.temporary);
    return new FileBlobStore(folders);
  }

  async write(blobId: string, stream: ByteStream, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
    try {
      this.#folders.pathOf(blobId);
      this.#checkOpen();
    } catch (error) {
      await stream[Symbol.asyncIterator]().return?.();
      throw error;
    }
    return writeBlob(this.#folders, blobId, stream, options.signal);
  }

  async size(blobId: string): Promise<number> {
    const path = this.#folders.pathOf(blobId);
    this.#checkOpen();
    try {
      return (await stat(path)).size;
    } catch (error) {
      throw await this.#folders.lookupFailure(blobId, error);
    }
  }

  async read(blobId: string, range?: ByteRange): Promise<ByteStream> {
    this.#folders.pathOf(blobId);
    this.#checkOpen();
    return readBlob(this.#folders, blobId, range);
  }

  async delete(blobId: string): Promise<void> {
    const path = this.#folders.pathOf(blobId);
    this.#checkOpen();
    try {
      await unlink(path);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw storeFailure(`Deleting blob ${blobId}`, error);
    }
    // Also where it was gone: whoever removed it may not have flushed that.
    await this.#syncFolderOf(blobId);
  }

  async list({ after = '', limit }: { readonly after?: string; readonly limit: number }): Promise<readonly string[]> {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`A limit is a positive integer, not ${limit}`);
    this.#checkOpen();
    return listBlobs(this.#folders, after, limit);
  }

  async sweep(): Promise<number> {
    this.#checkOpen();
    const { temporary } = this.#folders;
    const leftovers = await attempt('Listing leftovers', readdir(temporary));
    for (const name of leftovers) await attempt('Removing a leftover', unlink(join(temporary, name)));
    await attempt('Flushing the removal of leftovers', syncDirectory(temporary));
    return leftovers.length;
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #syncFolderOf(blobId: string): Promise<void> {
    try {
      await syncDirectory(this.#folders.folderOf(blobId));
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw storeFailure(`Deleting blob ${blobId}`, error);
      // No folder: there never was such a blob, provided that the store itself is still there.
      const failure = await this.#folders.lookupFailure(blobId, error);
      if (failure.code !== 'missing_blob') throw failure;
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'The blob store was closed');
  }
}
