import { join } from 'node:path';
import type { BlobFileSystem } from '@coffer/storage-ports';
import { isErrno, storeFailure } from '../store-failure.ts';
import { contentOf } from './digested-file.ts';

/**
 * The name of a file that is in a data directory while a backup is restored into it. As long as it is there, the
 * directory is no store.
 */
export const restoreMarkName = 'restore.incomplete';

export function restoreMarkPath(directory: string): string {
  return join(directory, restoreMarkName);
}

/**
 * The checksum of the manifest of the backup that is being restored into a directory; undefined if no restore was
 * begun, or it is complete. @throws StoreError `io`.
 */
export async function readRestoreMark(
  files: Pick<BlobFileSystem, 'open'>,
  directory: string,
): Promise<string | undefined> {
  const path = restoreMarkPath(directory);
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of contentOf(files, path)) pieces.push(piece);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw storeFailure(`Reading ${path}`, error);
  }
  return Buffer.concat(pieces).toString().trim();
}
