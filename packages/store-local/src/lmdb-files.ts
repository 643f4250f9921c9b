import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '@coffer/storage-ports';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

/**
 * In LMDB's first page: the flag for a meta page, and after the page header the file's magic number and its version.
 */
const metaPage = { length: 32, flagsAt: 18, metaFlag: 0x08, magicAt: 24, magic: 0xbeefc0de, versionAt: 28, version: 2 };

/**
 * Checks that LMDB can open its files in `directory`, where they exist: that they can be read and written, and that the
 * data file is one of LMDB's. To be called before opening, because lmdb-js 3.5 ends the process with a segmentation
 * fault where LMDB refuses to open.
 *
 * @throws StoreError `io`.
 */
export async function checkLmdbFiles(directory: string): Promise<void> {
  await requireLockFile(join(directory, 'lock.mdb'));
  await withExisting(join(directory, 'data.mdb'), async (read) => {
    const page = await read();
    // An empty file is one that LMDB will initialise.
    if (page.length > 0 && !isMetaPage(page))
      throw new StoreError('io', 'The metadata file is damaged, or is not an LMDB file of this version');
  });
}

/**
 * Checks the lock file without opening it: if this process has the environment open already, closing the file would end
 * the locks that the process holds on it.
 */
async function requireLockFile(path: string): Promise<void> {
  try {
    if (!(await stat(path)).isFile()) throw new StoreError('io', `The lock file ${path} of the metadata is not a file`);
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw storeFailure('Opening the metadata', error);
  }
}

function isMetaPage(page: Uint8Array): boolean {
  if (page.length < metaPage.length) return false;
  // LMDB writes in the machine's own byte order, which is little-endian wherever Node runs on what it calls tier 1.
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  return (
    (view.getUint16(metaPage.flagsAt, true) & metaPage.metaFlag) !== 0 &&
    view.getUint32(metaPage.magicAt, true) === metaPage.magic &&
    (view.getUint32(metaPage.versionAt, true) & 0xffff) === metaPage.version
  );
}

/** Opens the file as LMDB will, if it exists, and calls `check` with a function that reads its beginning. */
async function withExisting(path: string, check: (read: () => Promise<Uint8Array>) => Promise<void>): Promise<void> {
  const handle = await open(path, 'r+').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw storeFailure('Opening the metadata', error);
  });
  if (handle === undefined) return;
  try {
    await check(async () => {
      const page = new Uint8Array(metaPage.length);
      const { bytesRead } = await attempt('Reading the metadata', handle.read(page, 0, page.length, 0));
      return page.subarray(0, bytesRead);
    });
  } finally {
    await handle.close();
  }
}
