import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryPrefix } from './local-name.ts';

/** A file of the directory. */
export interface LocalFile {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** What is another once the file has been replaced or written to. */
  readonly identity: string;
}

/** What a directory holds, by relative names with `/`. */
export interface LocalTree {
  readonly files: ReadonlyMap<string, LocalFile>;
  readonly directories: ReadonlySet<string>;
  /** Symbolic links and other things that are neither files nor directories, with what they are. */
  readonly others: ReadonlyMap<string, string>;
}

/** Reads a directory and all below it; follows no symbolic link. Incomplete files are left out. */
export async function readTree(root: string, signal: AbortSignal | undefined): Promise<LocalTree> {
  const files = new Map<string, LocalFile>();
  const directories = new Set<string>();
  const others = new Map<string, string>();
  const waiting = [''];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    for (const entry of await readdir(join(root, parent))) {
      signal?.throwIfAborted();
      if (entry.startsWith(temporaryPrefix)) continue;
      const name = parent === '' ? entry : `${parent}/${entry}`;
      const found = await lstat(join(root, name)).catch(() => undefined);
      if (found === undefined) others.set(name, 'cannot be read');
      else if (found.isSymbolicLink()) others.set(name, 'is a symbolic link');
      else if (found.isFile()) files.set(name, localFile(found));
      else if (!found.isDirectory()) others.set(name, 'is not a file');
      else {
        directories.add(name);
        waiting.push(name);
      }
    }
  }
  return { files, directories, others };
}

/** What `lstat` says of a file. */
export function localFile({ ino, size, mtimeMs }: Stats): LocalFile {
  return { size, modified: Math.round(mtimeMs), identity: `${ino} ${size} ${mtimeMs}` };
}
