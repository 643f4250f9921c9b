import { readFile, stat } from 'node:fs/promises';
import { writeDurably } from './durable-file.ts';
import { withFileLock } from './file-lock.ts';
import { isFileError } from './keyring-error.ts';
import type { KeyringPlace } from './keyring-place.ts';

/** A keyring's text in a file of its own; a change holds the file `PATH.lock`. */
export function filePlace(path: string): KeyringPlace {
  return {
    name: path,
    read: () => ifThere(readFile(path, 'utf8')),
    identity: async () => {
      const found = await ifThere(stat(path, { bigint: true }));
      return found && [found.dev, found.ino, found.size, found.mtimeNs].join(':');
    },
    create: async (text) => {
      try {
        await writeDurably(path, text, { exclusive: true });
        return true;
      } catch (error) {
        if (isFileError(error, 'EEXIST')) return false;
        throw error;
      }
    },
    change: (change) =>
      withFileLock(path, async () => {
        const text = await change(await ifThere(readFile(path, 'utf8')));
        if (text !== undefined) await writeDurably(path, text, { exclusive: false });
      }),
  };
}

async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
