import { existsSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { randomFillSync } from 'node:crypto';
import { StoreError } from '@coffer/storage-ports';
import { syncDirectory } from './durable-directory.ts';
import { isErrno, storeFailure } from './store-failure.ts';
import { dirname } from 'node:path';

/**
 * Bytes kept back. A delete makes LMDB write a copy of each page from a leaf to the root, in three or four tables, so
 * some hundred KiB at most, and the pages that it frees are used by the commit after the next.
 */
const reserveLength = 4 * 1024 * 1024;

/**
 * A file next to the metadata that only keeps space back. On a full disk, even a delete needs some space before it
 * frees any. Then the file is removed, and its space is used for commits that free space. Until the file can be made
 * again, everything that would fill the disk further is refused.
 */
export class SpaceReserve {
  readonly #path: string;
  readonly #length: number;
  #held = false;
  #making: Promise<void> | undefined;

  constructor(path: string, length = reserveLength) {
    this.#path = path;
    this.#length = length;
  }

  /** Makes the file if there is space. A store on a disk that is too full for the file can be opened all the same. */
  async open(): Promise<void> {
    await this.require().catch((error: unknown) => {
      if (!(error instanceof StoreError && error.code === 'full')) throw error;
    });
  }

  /**
   * Resolves at once while the file is there; otherwise tries to make it again.
   *
   * @throws StoreError `full` where there is still no space for it; `io`.
   */
  async require(): Promise<void> {
    // Another process may have removed the file.
    if (this.#held && existsSync(this.#path)) return;
    this.#making ??= this.#make().finally(() => (this.#making = undefined));
    await this.#making;
  }

  /** Removes the file. Returns whether this made space. */
  async release(): Promise<boolean> {
    if (!this.#held) return false;
    this.#held = false;
    try {
      await unlink(this.#path);
      return true;
    } catch (error) {
      // Another process has just removed the file, so its space is free.
      return isErrno(error, 'ENOENT');
    }
  }

  async #make(): Promise<void> {
    try {
      await writeDurably(this.#path, this.#length);
      this.#held = true;
    } catch (error) {
      await unlink(this.#path).catch(() => undefined);
      throw storeFailure('Keeping space back for deletes', error);
    }
  }
}

/** Random bytes, which no file system can compress away. */
async function writeDurably(path: string, length: number): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    const { size } = await file.stat();
    const piece = randomFillSync(new Uint8Array(64 * 1024));
    for (let left = length - size; left > 0;) {
      const { bytesWritten } = await file.write(piece.subarray(0, Math.min(left, piece.length)));
      left -= bytesWritten;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(dirname(path));
}
