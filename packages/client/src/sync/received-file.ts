import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromWebStream, rechunk } from '@coffer/bytes';
import { ClientError } from '../errors/client-error.ts';
import { localFile, type LocalFile } from './local-tree.ts';
import { parentsOf, temporaryPrefix } from './local-name.ts';

/** Where a file goes: a directory, a name that was checked, and what was there when the directory was read. */
export interface Destination {
  readonly root: string;
  readonly name: string;
  readonly known: LocalFile | undefined;
}

/** Throws if a directory that the name leads through has become something else, such as a symbolic link. */
async function checkParents({ root, name }: Pick<Destination, 'root' | 'name'>): Promise<void> {
  for (const parent of parentsOf(name)) {
    const found = await lstat(join(root, parent));
    if (!found.isDirectory()) throw new ClientError('file_changed', `${parent} is no longer a directory`);
  }
}

/** Makes the directories that the name leads through; follows no symbolic link. */
async function makeParents({ root, name }: Destination): Promise<void> {
  for (const parent of parentsOf(name)) {
    await mkdir(join(root, parent)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
  await checkParents({ root, name });
}

/** Whether there is anything; throws if it is not what was there when the directory was read. */
async function isThere({ root, name, known }: Destination): Promise<boolean> {
  const found = await lstat(join(root, name)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  if (found === undefined) return false;
  if (found.isFile() && localFile(found).identity === known?.identity) return true;
  throw new ClientError('file_changed', `${name} is not what was there when the directory was read`);
}

/** Deletes a file, if it still is what was there. */
export async function removeFile(destination: Destination): Promise<void> {
  await checkParents(destination);
  if (await isThere(destination)) await unlink(join(destination.root, destination.name));
}

/** Bytes that are written to the disk at once. */
const writeSize = 2 ** 20;

/**
 * Writes a file under another name beside its own, and renames it once the content has ended without an error, which
 * is when it is verified. If it fails, what was there before is as it was.
 *
 * @param modified Milliseconds since the epoch.
 */
export async function receiveFile(
  destination: Destination,
  content: ReadableStream<Uint8Array>,
  modified: number,
): Promise<void> {
  const target = join(destination.root, destination.name);
  const temporary = join(dirname(target), temporaryPrefix + randomUUID());
  try {
    await makeParents(destination);
    const handle = await open(temporary, 'wx');
    try {
      // Every write is waited for, so few large ones are made of what comes in small pieces.
      for await (const piece of rechunk(fromWebStream(content), writeSize)) await handle.writeFile(piece);
      await handle.utimes(new Date(modified), new Date(modified));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await isThere(destination);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    await content.cancel().catch(() => undefined);
    throw error;
  }
}
