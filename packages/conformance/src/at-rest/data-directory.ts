import { constants } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ConformanceError } from '../model/conformance-error.ts';

/** Stands in the command and the environment for a directory that the run makes. */
export const dataPlaceholder = '{data}';

/** The directory on which the server works, and copies of its states. */
export interface DataDirectory {
  readonly path: string;
  /** Keeps the state of now. @returns where the copy is */
  readonly save: (name: string) => Promise<string>;
  /** Puts a saved state back. */
  readonly restore: (name: string) => Promise<void>;
  /** Puts the directory back as it was found, and removes all copies. */
  readonly close: () => Promise<void>;
}

/** A run copies the directory again and again. */
const mostBytes = 2 * 1024 ** 3;

/**
 * Opens the directory that the target names, or a copy of it where the server can be told to use another one.
 *
 * @throws ConformanceError `target` if it is not empty and may not be used, or is too large to be copied.
 */
export async function openDataDirectory(
  found: string,
  { ofOurs, existing }: { readonly ofOurs: boolean; readonly existing: boolean },
): Promise<DataDirectory> {
  if (!isAbsolute(found)) throw new ConformanceError('target', 'atRest.dataDirectory has to be an absolute path.');
  await checkUsable(found, existing);
  const room = await mkdtemp(join(tmpdir(), 'conformance-at-rest-'));
  const path = ofOurs ? join(room, 'data') : found;
  const copyOf = (name: string): string => join(room, `state-${name}`);
  const save = async (name: string): Promise<string> => {
    await copyInto(path, copyOf(name));
    return copyOf(name);
  };
  await copyInto(found, copyOf('found'));
  if (ofOurs) await copyInto(found, path);
  const restore = async (name: string): Promise<void> => {
    await empty(path);
    await copyInto(copyOf(name), path);
  };
  const close = async (): Promise<void> => {
    // Also after an error, what was found is put back before its copy goes.
    if (!ofOurs) await restore('found');
    await rm(room, { recursive: true, force: true });
  };
  return { path, save, restore, close };
}

async function checkUsable(found: string, existing: boolean): Promise<void> {
  const files = [...(await listFiles(found)).values()];
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > mostBytes) throw new ConformanceError('target', `${found} has more than 2 GiB, too much to be copied.`);
  if (existing || (await namesIn(found)).length === 0) return;
  throw new ConformanceError('target', `${found} is not empty, and the run damages it. Empty it, or say --existing.`);
}

/** The names in a directory; none if it is not there. */
async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}

async function empty(directory: string): Promise<void> {
  // The directory itself may be a mount.
  for (const name of await namesIn(directory)) await rm(join(directory, name), { recursive: true, force: true });
}

async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await namesIn(from))
    await cp(join(from, name), join(to, name), {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: isCopied,
    });
}

/** Sockets and pipes of a server are made anew by it. */
async function isCopied(path: string): Promise<boolean> {
  const kind = await lstat(path);
  return kind.isFile() || kind.isDirectory() || kind.isSymbolicLink();
}

/** What a listing says of a file. */
export interface ListedFile {
  /** Bytes. */
  readonly size: number;
  readonly inode: number;
  readonly modified: number;
}

/** The regular files below a directory, by their paths from there. What vanishes meanwhile is left out. */
export async function listFiles(directory: string): Promise<ReadonlyMap<string, ListedFile>> {
  const files = new Map<string, ListedFile>();
  const walk = async (inside: string): Promise<void> => {
    for (const name of await namesIn(join(directory, inside))) {
      const path = inside === '' ? name : `${inside}/${name}`;
      const found = await lstat(join(directory, path)).catch(() => undefined);
      if (found?.isDirectory() === true) await walk(path);
      if (found?.isFile() === true) files.set(path, { size: found.size, inode: found.ino, modified: found.mtimeMs });
    }
  };
  await walk('');
  return files;
}
