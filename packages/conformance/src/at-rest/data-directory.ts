import { constants, lstatSync, readdirSync, type Dirent } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
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
  checkUsable(found, existing);
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

function checkUsable(found: string, existing: boolean): void {
  const bytes = [...listFiles(found).values()].reduce((sum, { size }) => sum + size, 0);
  if (bytes > mostBytes) throw new ConformanceError('target', `${found} has more than 2 GiB, too much to be copied.`);
  if (existing || entriesOf(found).length === 0) return;
  throw new ConformanceError('target', `${found} is not empty, and the run damages it. Empty it, or say --existing.`);
}

async function empty(directory: string): Promise<void> {
  // The directory itself may be a mount.
  for (const { name } of entriesOf(directory)) await rm(join(directory, name), { recursive: true, force: true });
}

async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const { name } of entriesOf(from))
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

/**
 * The regular files below a directory, by their paths from there. What vanishes meanwhile is left out. Without waiting
 * between files, so that a listing is of one moment as far as that can be.
 */
export function listFiles(directory: string): ReadonlyMap<string, ListedFile> {
  const files = new Map<string, ListedFile>();
  const walk = (inside: string): void => {
    for (const entry of entriesOf(join(directory, inside))) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      const found = entry.isFile() ? lstatSync(join(directory, path), { throwIfNoEntry: false }) : undefined;
      if (found !== undefined) files.set(path, { size: found.size, inode: found.ino, modified: found.mtimeMs });
    }
  };
  walk('');
  return files;
}

/** What is in a directory; nothing if it is not there. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
