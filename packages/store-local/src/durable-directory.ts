import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrno } from './store-failure.ts';

/** Flushes a directory's entries to disk. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a directory and those above it, mode 0700, such that their being there survives a power cut. Existing ones keep their mode. */
export async function makeDurableDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return;
    if (!isErrno(error, 'ENOENT') || dirname(path) === path) throw error;
    await makeDurableDirectory(dirname(path));
    await makeDurableDirectory(path);
    return;
  }
  await syncDirectory(dirname(path));
}
