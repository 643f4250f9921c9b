import { constants, lstatSync, readdirSync, type Dirent, type Stats } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ConformanceError, reasonOf } from '../model/conformance-error.ts';

/** Stands in the command and the environment for a directory that the run makes. */
export const dataPlaceholder = '{data}';

/** The directory on which the server works, and copies of its states. */
export interface DataDirectory {
  readonly path: string;
  /** Keeps the state of now. @returns where the copy is */
  readonly save: (name: string) => Promise<string>;
  /** Puts a saved state back. */
  readonly restore: (name: string) => Promise<void>;
  /** Removes what the run and the server made, and nothing else. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the directory that the target names, or one that the run makes where the server can be told to use another one.
 * The named one has to be empty or not there in both cases: what is stored in it is damaged, and removed at the end.
 *
 * @throws ConformanceError `target` if there is something in it, or it is no directory.
 */
export async function openDataDirectory(
  found: string,
  { ofOurs }: { readonly ofOurs: boolean },
): Promise<DataDirectory> {
  if (!isAbsolute(found)) throw new ConformanceError('target', 'atRest.dataDirectory has to be an absolute path.');
  const wasThere = checkEmpty(found);
  const room = await mkdtemp(join(tmpdir(), 'conformance-at-rest-'));
  const path = ofOurs ? join(room, 'data') : found;
  const copyOf = (name: string): string => join(room, `state-${name}`);
  const save = async (name: string): Promise<string> => {
    await copyInto(path, copyOf(name));
    return copyOf(name);
  };
  if (ofOurs) await mkdir(path);
  const restore = async (name: string): Promise<void> => {
    await empty(path);
    await copyInto(copyOf(name), path);
  };
  const close = async (): Promise<void> => {
    if (!ofOurs && wasThere) await empty(path);
    if (!ofOurs && !wasThere) await rm(path, { recursive: true, force: true });
    await rm(room, { recursive: true, force: true });
  };
  return { path, save, restore, close };
}

/** @returns whether the directory is there. @throws ConformanceError `target` unless it is empty or not there. */
function checkEmpty(found: string): boolean {
  let kind: Stats | undefined;
  let entries: readonly Dirent[];
  try {
    kind = lstatSync(found, { throwIfNoEntry: false });
    entries = kind?.isDirectory() === true ? entriesOf(found) : [];
  } catch (cause) {
    throw new ConformanceError('target', `${found} cannot be used: ${reasonOf(cause)}`, { cause });
  }
  if (kind === undefined) return false;
  // Through a link, the run would empty what is behind it.
  if (!kind.isDirectory()) throw new ConformanceError('target', `${found} is not a directory.`);
  if (entries.length === 0) return true;
  throw new ConformanceError('target', `${found} is not empty, and the run damages and removes what is in it.`);
}

async function empty(directory: string): Promise<void> {
  // A server may have put a link there meanwhile; what is behind it is not the run's.
  if (lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new ConformanceError('setup', `${directory} has become a link, and is not emptied.`);
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
