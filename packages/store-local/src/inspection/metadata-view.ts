import { mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A directory through which LMDB reads an environment. */
export interface MetadataView {
  readonly directory: string;
  /** Idempotent. */
  remove(): Promise<void>;
}

/**
 * How to read an LMDB environment. Whoever opens one writes to its lock file, even to read; so where nobody else has it
 * open, it is seen through a directory for temporary files that has only a link to the data file, and nothing changes
 * in its own. `inUse`: others may write at the time, and must know that their pages are read; then it is opened in its
 * own place.
 */
export async function viewMetadata(directory: string, inUse: boolean): Promise<MetadataView> {
  const view = inUse ? undefined : await linkedDirectory(join(resolve(directory), 'data.mdb'));
  if (view === undefined) return { directory, remove: () => Promise.resolve() };
  return { directory: view, remove: () => rm(view, { recursive: true, force: true }) };
}

/** Undefined where there is no place for temporary files. */
async function linkedDirectory(file: string): Promise<string | undefined> {
  let made: string | undefined;
  try {
    made = await mkdtemp(join(tmpdir(), 'coffer-view-'));
    await symlink(file, join(made, 'data.mdb'));
    await stat(join(made, 'data.mdb'));
    return made;
  } catch {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    return undefined;
  }
}
