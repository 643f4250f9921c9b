import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError, tableNames } from '@coffer/storage-ports';
import { syncDirectory } from './durable-directory.ts';
import { openLmdb, type LmdbEnvironment } from './lmdb-environment.ts';
import { checkLmdbFiles } from './lmdb-files.ts';
import { localStoreLayout } from './local-store.ts';
import { isErrno, storeFailure } from './store-failure.ts';

const dataFile = 'data.mdb';
/** LMDB's lock file: it belongs to the transactions of the old file, and LMDB makes a new one. */
const lockFile = 'lock.mdb';

/** Bytes of the metadata file. */
export interface Compaction {
  readonly before: number;
  readonly after: number;
}

/** Where the new file is made; it is there only while a compaction is under way, or after one that was cut short. */
export function compactionFolder(directory: string): string {
  return join(localStoreLayout.metadata(directory), 'compacting');
}

/**
 * Rewrites the metadata without the pages that deletes have freed, and so without what was deleted. Only while nothing
 * else has the store open. The new file is made beside the old one, flushed, compared with the old one, and takes its
 * name in one step: whenever this is interrupted, either the old or the new file is there, complete.
 *
 * @throws StoreError `full`, `io`; then the metadata is as it was.
 */
export async function compactMetadata(directory: string): Promise<Compaction> {
  try {
    return await compact(localStoreLayout.metadata(directory), compactionFolder(directory));
  } catch (error) {
    throw storeFailure('Compacting the metadata', error);
  }
}

async function compact(metadata: string, folder: string): Promise<Compaction> {
  await clear(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [old, fresh] = [join(metadata, dataFile), join(folder, dataFile)];
  const before = (await stat(old)).size;
  await copyCompacted(metadata, folder);
  await flushFile(fresh);
  await syncDirectory(folder);
  const after = (await stat(fresh)).size;
  await rename(fresh, old);
  await rm(join(metadata, lockFile), { force: true });
  await syncDirectory(metadata);
  await rm(folder, { recursive: true });
  return { before, after };
}

/** Removes what an interrupted compaction left. */
async function clear(folder: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) await rm(join(folder, name));
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

async function copyCompacted(metadata: string, folder: string): Promise<void> {
  await checkLmdbFiles(metadata);
  const environment = await openLmdb(metadata);
  try {
    await environment.root.backup(folder, true);
    const copy = await openLmdb(folder);
    try {
      requireSameRows(environment, copy);
    } finally {
      await copy.root.close();
    }
  } finally {
    await environment.root.close();
  }
}

/** @throws StoreError `io` where a table of the copy has another number of rows. */
function requireSameRows(original: LmdbEnvironment, copy: LmdbEnvironment): void {
  for (const name of tableNames) {
    const [wanted, found] = [rowsOf(original, name), rowsOf(copy, name)];
    if (wanted !== found)
      throw new StoreError('io', `The copy has ${found} rows in ${name} instead of ${wanted}; nothing was changed`);
  }
}

function rowsOf(environment: LmdbEnvironment, name: (typeof tableNames)[number]): number {
  const { entryCount } = environment.table(name).getStats() as { readonly entryCount: number };
  return entryCount;
}

async function flushFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
