import { join, resolve, sep } from 'node:path';
import { StoreError, type BlobFileSystem } from '@coffer/storage-ports';
import type { DirectoryFlushes } from './directory-flushes.ts';
import { isErrno, storeFailure } from './store-failure.ts';

/** What a blob id looks like. */
export const blobIdPattern = /^[a-z0-9]{1,64}$/;

/**
 * Where blobs are: `<root>/ab/<blobId>`, the folder being the first two characters of the id; unfinished ones in
 * `<root>/tmp`; those out of use in `<root>/quarantine`.
 */
export class BlobFolders {
  readonly root: string;
  readonly temporary: string;
  readonly quarantine: string;
  readonly #files: BlobFileSystem;
  readonly #flushes: DirectoryFlushes;
  /**
   * Folders that this process is making, or knows to be durably there. A folder whose flush failed while others have
   * blobs in it stays here as that failure, because a second flush may succeed without having written anything.
   */
  readonly #made = new Map<string, Promise<void>>();

  constructor(root: string, files: BlobFileSystem, flushes: DirectoryFlushes) {
    this.root = resolve(root);
    this.temporary = join(this.root, 'tmp');
    this.quarantine = join(this.root, 'quarantine');
    this.#files = files;
    this.#flushes = flushes;
  }

  folderOf(blobId: string): string {
    return this.#inside(join(this.root, checkBlobId(blobId).slice(0, 2)));
  }

  pathOf(blobId: string): string {
    return this.#inside(join(this.folderOf(blobId), blobId));
  }

  /** Makes the blob's folder, durably, unless this process did before. */
  async makeFolderOf(blobId: string): Promise<void> {
    const folder = this.folderOf(blobId);
    let making = this.#made.get(folder);
    if (making === undefined) {
      making = this.#make(folder);
      this.#made.set(folder, making);
      // Keeps a failure from being an unhandled rejection; whoever awaits the promise gets it.
      making.catch(() => undefined);
    }
    await making;
  }

  /**
   * The error for a file that could not be reached. It says that a blob is missing only if the root is there: a disk
   * that is not mounted has lost no blobs.
   */
  async lookupFailure(blobId: string, cause: unknown): Promise<StoreError> {
    if (!isErrno(cause, 'ENOENT')) return storeFailure(`Reading blob ${blobId}`, cause);
    try {
      await this.#files.size(this.temporary);
    } catch (error) {
      return storeFailure('Looking for the blob folder', error);
    }
    return new StoreError('missing_blob', `There is no blob ${blobId}`, { cause });
  }

  async #make(folder: string): Promise<void> {
    const flush = this.#flushes.begin(this.root);
    try {
      await this.#files.mkdir(folder);
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) {
        this.#made.delete(folder);
        throw error;
      }
    }
    try {
      // Flushed even if the folder existed: another process may have made it and not have flushed it yet.
      await flush();
    } catch (error) {
      await this.#takeBack(folder);
      throw error;
    }
  }

  /**
   * Removes a folder whose name could not be flushed, so that the next writer makes it anew instead of only flushing
   * again.
   */
  async #takeBack(folder: string): Promise<void> {
    try {
      await this.#files.rmdir(folder);
      this.#made.delete(folder);
    } catch {
      // Others have blobs in the folder, so it cannot be removed. New blobs in it are refused until the store is opened
      // again.
    }
  }

  #inside(path: string): string {
    if (!path.startsWith(this.root + sep)) throw new RangeError('The path is outside of the blob folder');
    return path;
  }
}

/** @throws RangeError for a text that is no blob id. */
function checkBlobId(blobId: string): string {
  if (!blobIdPattern.test(blobId)) throw new RangeError('A blob id is 1 to 64 characters of [a-z0-9]');
  return blobId;
}
