import { dirname } from 'node:path';
import type { ByteStream } from '@coffer/bytes';
import type { BlobFileSystem } from '@coffer/storage-ports';
import { attempt, isErrno } from '../store-failure.ts';

/**
 * Makes a file, durably: under a temporary name first, flushed, then linked to its own, and its folder flushed. This
 * replaces what an interrupted call left under the temporary name. If the stream or anything else fails, there is no
 * file of that name.
 *
 * @throws StoreError `full`, `io`, also where the name is taken; whatever the stream throws.
 */
export async function makeFile(files: BlobFileSystem, path: string, content: ByteStream): Promise<void> {
  const temporary = `${path}.tmp`;
  await removeFile(files, temporary);
  await writeFlushed(files, temporary, content);
  await attempt(`Naming ${path}`, nameDurably(files, temporary, path));
}

/** Removes a file, if it is there; not yet durably. @throws StoreError `io`. */
export async function removeFile(files: BlobFileSystem, path: string): Promise<void> {
  const removal = files.unlink(path).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
  });
  await attempt(`Removing ${path}`, removal);
}

/** Whether there is a file, or a directory, of that name. @throws StoreError `io`. */
export async function isThere(files: Pick<BlobFileSystem, 'size'>, path: string): Promise<boolean> {
  return (await sizeOf(files, path)) !== undefined;
}

/** Bytes of a file; undefined if it is not there. @throws StoreError `io`. */
export async function sizeOf(files: Pick<BlobFileSystem, 'size'>, path: string): Promise<number | undefined> {
  const size = files.size(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
  return attempt(`Looking for ${path}`, size);
}

/** Flushes what a file holds. @throws the file system's error. */
export async function flushFile(files: BlobFileSystem, path: string): Promise<void> {
  const file = await files.open(path);
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function writeFlushed(files: BlobFileSystem, path: string, content: ByteStream): Promise<void> {
  const file = await attempt(`Making ${path}`, files.create(path));
  try {
    for await (const piece of content) {
      let rest = piece;
      while (rest.length > 0) rest = rest.subarray(await attempt(`Writing ${path}`, file.write(rest)));
    }
    await attempt(`Flushing ${path}`, file.datasync());
  } finally {
    await attempt(`Closing ${path}`, file.close());
  }
}

/**
 * Gives a flushed file its name. If flushing the name fails, the name is removed, because a second flush may succeed
 * without having written it.
 */
export async function nameDurably(files: BlobFileSystem, temporary: string, path: string): Promise<void> {
  await files.link(temporary, path);
  try {
    await files.unlink(temporary);
    await files.syncDirectory(dirname(path));
  } catch (error) {
    await files.unlink(path).catch(() => undefined);
    throw error;
  }
}
