import { join } from 'node:path';
import type { BlobFileSystem } from '@coffer/storage-ports';
import type { BlobPlace } from './blob-place.ts';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

const folderPattern = /^[a-z0-9]{1,2}$/;
const blobPattern = /^[a-z0-9]{1,64}$/;

/**
 * Ids after `after`, at most `limit`. A folder's name is where its ids begin, so that going through the folders in
 * order gives the ids in order.
 */
export async function listBlobs(
  { files, folders }: BlobPlace,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const entries = await attempt('Listing the blob folders', files.readdir(folders.root));
  const names = entries.filter((name) => folderPattern.test(name) && name >= after.slice(0, 2)).sort();
  const ids: string[] = [];
  for (const name of names) {
    ids.push(...(await blobsIn(files, join(folders.root, name), name)).filter((id) => id > after));
    if (ids.length >= limit) return ids.slice(0, limit);
  }
  return ids;
}

async function blobsIn(files: BlobFileSystem, folder: string, name: string): Promise<readonly string[]> {
  try {
    return (await files.readdir(folder)).filter((id) => blobPattern.test(id) && id.slice(0, 2) === name).sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw storeFailure('Listing blobs', error);
  }
}
