import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keys, StoreError } from '@coffer/storage-ports';
import { isErrno, storeFailure } from '../store-failure.ts';
import { damage, newestMeta, type LmdbMeta } from './lmdb-meta.ts';
import { viewMetadata } from './metadata-view.ts';
import { openMetadataToRead } from './open-to-read.ts';
import { PageFile } from './page-file.ts';
import { probeLmdb, type ProbedMetadata } from './probe-lmdb.ts';
import { walkPages } from './walk-pages.ts';

/** How closely metadata is looked at. */
export interface MetadataCheck {
  /** Whether another process is known to write to it. */
  readonly inUse: boolean;
  /** The most pages that are checked, from the roots downwards; in a file that is cut off, all are checked. */
  readonly pages: number;
}

/**
 * Checks that the LMDB environment in a directory can be opened and read: by the sizes in its meta pages, by its pages,
 * and by opening it in a child process. Changes nothing. Resolves with what the metadata says of its store. To be
 * called before an environment is opened, because damage would end this process: lmdb-js 3.5 crashes where LMDB
 * refuses, and reading a file that is shorter than its pages say raises SIGBUS.
 *
 * @throws StoreError `io` saying what is wrong.
 */
export async function checkMetadata(directory: string, check: MetadataCheck): Promise<ProbedMetadata> {
  const path = join(directory, 'data.mdb');
  await requireFile(path);
  for (let tries = check.inUse ? 1 : 3; tries > 0; tries--) {
    const found = await lookOnce(directory, check.pages);
    if (found !== undefined) return found;
  }
  return askBeside(directory);
}

/**
 * One check; undefined if somebody wrote meanwhile, since pages may have been replaced while they were checked, so that
 * the result means nothing.
 */
async function lookOnce(directory: string, pages: number): Promise<ProbedMetadata | undefined> {
  const file = new PageFile(join(directory, 'data.mdb'));
  try {
    const meta = metaOf(file);
    const outcome = await followAndProbe(directory, file, meta, pages).then(
      (probed) => () => probed,
      (error: unknown) => () => {
        throw error;
      },
    );
    file.forget();
    return metaOf(file).transaction === meta.transaction ? outcome() : undefined;
  } finally {
    file.close();
  }
}

async function followAndProbe(
  directory: string,
  file: PageFile,
  meta: LmdbMeta,
  pages: number,
): Promise<ProbedMetadata> {
  walkPages(file, meta, pages);
  const view = await viewMetadata(directory, false);
  try {
    return await probeLmdb(view.directory);
  } finally {
    await view.remove();
  }
}

/** Reads the metadata in its own place. Somebody commits to it all the time, so it can be opened safely. */
async function askBeside(directory: string): Promise<ProbedMetadata> {
  const metadata = await openMetadataToRead(directory, true);
  try {
    const identity = (await metadata.get('storeIdentity', keys.storeIdentity()))?.value;
    const accounts = await metadata.scan('accounts', { start: new Uint8Array(0), end: undefined, limit: 1 });
    return { identity, isFresh: accounts.length === 0 };
  } finally {
    await metadata.close();
  }
}

async function requireFile(path: string): Promise<void> {
  try {
    const { size, isFile } = await stat(path).then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
    if (!isFile) throw new StoreError('io', 'The metadata cannot be read: data.mdb is not a file');
    if (size === 0) throw damage('its file is empty');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) throw new StoreError('io', 'The metadata is missing: there is no data.mdb');
    throw storeFailure('Reading the metadata', error);
  }
}

function metaOf(file: PageFile): LmdbMeta {
  return newestMeta((position, length) => file.read(position, length));
}
