import { mkdir, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { StoreError } from '@coffer/storage-ports';
import { syncDirectory } from './durable-directory.ts';
import { isErrno, storeFailure } from './store-failure.ts';

const blobIdPattern = /^[a-z0-9]{1,64}$/;

/** Where blobs are: `<root>/ab/<blobId>`, the folder being the first two characters of the id; unfinished ones in `<root>/tmp`. */
export class BlobFolders {
  readonly root: string;
  readonly temporary: string;
  /** Fan-out folders this process knows to be durably there, or is making. */
  readonly #made = new Map<string, Promise<void>>();

  constructor(root: string) {
    this.root = resolve(root);
    this.temporary = join(this.root, 'tmp');
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
      making.catch(() => this.#made.delete(folder));
    }
    await making;
  }

  /**
   * The error for a file that could not be reached. That a blob is missing can be said only as long as the root is there:
   * a disk that is no longer mounted loses no blobs.
   */
  async lookupFailure(blobId: string, cause: unknown): Promise<StoreError> {
    if (!isErrno(cause, 'ENOENT')) return storeFailure(`Reading blob ${blobId}`, cause);
    try {
      await stat(this.temporary);
    } catch (error) {
      return storeFailure('Looking for the blob folder', error);
    }
    return new StoreError('missing_blob', `There is no blob ${blobId}`, { cause });
  }

  async #make(folder: string): Promise<void> {
    try {
      await mkdir(folder, { mode: 0o700 });
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
    // Also where it existed: another process may have made it and not have flushed it yet.
    await syncDirectory(this.root);
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
