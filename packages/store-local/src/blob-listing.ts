import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobFolders } from './blob-folders.ts';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

const folderPattern = /^[a-z0-9]{1,2}$/;
const blobPattern = /^[a-z0-9]{1,64}$/;

/**
 * Ids after `after`, at most `limit`. A folder's name is where its ids begin, so that going through the folders in order
 * gives the ids in order.
 */
export async function listBlobs(folders: BlobFolders, after: string, limit: number): Promise<readonly string[]> {
  const entries = await attempt('Listing the blob folders', readdir(folders.root));
  const names = entries.filter((name) => folderPattern.test(name) && name >= after.slice(0, 2)).sort();
  const ids: string[] = [];
  for (const name of names) {
    ids.push(...(await blobsIn(join(folders.root, name), name)).filter((id) => id > after));
    if (ids.length >= limit) return ids.slice(0, limit);
  }
  return ids;
}

async function blobsIn(folder: string, name: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((id) => blobPattern.test(id) && id.slice(0, 2) === name).sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw storeFailure('Listing blobs', error);
  }
}
