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
   * Fan-out folders this process knows to be durably there, or is making. One whose flush failed while others use it
   * stays here as that failure: a second flush may succeed without having written anything.
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
      // Kept as it is where it fails; only who waits below needs the reason.
      making.catch(() => undefined);
    }
    await making;
  }

  /**
   * The error for a file that could not be reached. That a blob is missing can be said only as long as the root is
   * there: a disk that is no longer mounted loses no blobs.
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
      // Also where it existed: another process may have made it and not have flushed it yet.
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
      // Others have blobs in it. It stays refused until the store is opened again.
    }
  }

  #inside(path: string): string {
    if (!path.startsWith(this.root + sep)) throw new RangeError('The path is outside of the blob folder');
    return path;
  }
}

/** @throws RangeError for what is no blob id. */
function checkBlobId(blobId: string): string {
  if (!blobIdPattern.test(blobId)) throw new RangeError('A blob id is 1 to 64 characters of [a-z0-9]');
  return blobId;
}
