import { opendir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError, type StoreMark } from '@coffer/storage-ports';
import { isErrno, storeFailure } from '../store-failure.ts';
import { readStoreMark, storeMarkName } from '../store-mark.ts';

/** What a look at a folder of blobs finds. */
export type BlobFolderFacts =
  | { readonly state: 'absent' }
  /** The folder cannot be used, or its mark is garbled; `reason` is for the operator. */
  | { readonly state: 'unusable'; readonly reason: string }
  | {
      readonly state: 'usable';
      /** Which store the folder belongs to; undefined if it has no mark. */
      readonly mark: StoreMark | undefined;
      /** Whether the folder holds anything that is, or may be, a blob. */
      readonly hasBlobs: boolean;
    };

/** Names that are no blobs: unfinished uploads, what mkfs makes, and the store's mark. */
const noBlobs = new Set(['tmp', 'lost+found', storeMarkName, `${storeMarkName}.tmp`]);

/** Looks at a folder of blobs without changing it. Never rejects. */
export async function inspectBlobFolder(folder: string): Promise<BlobFolderFacts> {
  try {
    const names = await readdir(folder);
    const hasBlobs = await holdsAny(names.filter((name) => !noBlobs.has(name)).map((name) => join(folder, name)));
    return { state: 'usable', mark: await readStoreMark(folder), hasBlobs };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { state: 'absent' };
    if (isErrno(error, 'ENOTDIR')) return { state: 'unusable', reason: `${folder} is not a directory` };
    const failure = error instanceof StoreError ? error : storeFailure(`Reading ${folder}`, error);
    return { state: 'unusable', reason: failure.message };
  }
}

/** Whether any of the paths is something else than an empty directory. */
async function holdsAny(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await holdsSomething(path)) return true;
  return false;
}

async function holdsSomething(path: string): Promise<boolean> {
  try {
    const directory = await opendir(path);
    const first = await directory.read();
    await directory.close();
    return first !== null;
  } catch (error) {
    if (isErrno(error, 'ENOTDIR')) return true;
    throw error;
  }
}
