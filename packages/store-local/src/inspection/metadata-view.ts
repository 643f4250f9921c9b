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
 * Gives a directory through which an LMDB environment can be read. Opening an environment writes to its lock file, even
 * for reading. So if nobody else has it open, it is opened through a temporary directory that has only a link to the
 * data file, and nothing changes in its own directory. `inUse`: others may write to it, and their lock file has to show
 * them that pages are being read; then it is opened in its own directory.
 */
export async function viewMetadata(directory: string, inUse: boolean): Promise<MetadataView> {
  const view = inUse ? undefined : await linkedDirectory(join(resolve(directory), 'data.mdb'));
  if (view === undefined) return { directory, remove: () => Promise.resolve() };
  return { directory: view, remove: () => rm(view, { recursive: true, force: true }) };
}

/** A temporary directory with a link to the file; undefined if none can be made. */
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
