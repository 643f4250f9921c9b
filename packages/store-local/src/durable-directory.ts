import { mkdir, open, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrno } from './store-failure.ts';

/** The calls of a file system that making directories needs. */
export interface DirectoryCalls {
  mkdir(path: string): Promise<unknown>;
  rmdir(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
}

const nodeCalls: DirectoryCalls = { mkdir: (path) => mkdir(path, { mode: 0o700 }), rmdir, syncDirectory };

/** Flushes a directory's entries to disk. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes a directory and those above it, mode 0700, so that they survive a power cut. Existing directories keep their
 * mode; their names are flushed all the same, since whoever made them may have been interrupted before doing so.
 */
export async function makeDurableDirectory(path: string, calls: DirectoryCalls = nodeCalls): Promise<void> {
  const parent = dirname(path);
  try {
    await calls.mkdir(path);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return calls.syncDirectory(parent);
    if (!isErrno(error, 'ENOENT') || parent === path) throw error;
    await makeDurableDirectory(parent, calls);
    return makeDurableDirectory(path, calls);
  }
  try {
    await calls.syncDirectory(parent);
  } catch (error) {
    // Removed, so that the next attempt makes it anew: a second flush may succeed without having written anything.
    await calls.rmdir(path).catch(() => undefined);
    throw error;
  }
}
