import { randomBytes } from 'node:crypto';
import { link, open, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteStream } from '@coffer/bytes';
import { StoreError } from '@coffer/storage-ports';
import type { BlobFolders } from './blob-folders.ts';
import { syncDirectory } from './durable-directory.ts';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

/** Bytes gathered before they are written: large enough to make system calls rare, small enough for many uploads at once. */
const gatherLength = 256 * 1024;

/**
 * Writes a new blob: into a temporary file, flushed, then linked to its name, which fails where the name is taken, then the
 * folder flushed. Returns the blob's length.
 */
export async function writeBlob(
  folders: BlobFolders,
  blobId: string,
  stream: ByteStream,
  signal: AbortSignal | undefined,
): Promise<number> {
  const iterator = stream[Symbol.asyncIterator]();
  const temporary = join(folders.temporary, `${blobId}-${randomBytes(8).toString('hex')}`);
  try {
    const handle = await prepare(folders, blobId, temporary, signal).catch(async (error: unknown) => {
      // The stream was not touched yet; its producer must nevertheless learn that nobody will.
      await iterator.return?.();
      throw error;
    });
    const length = await fill(handle, { [Symbol.asyncIterator]: () => iterator }, signal);
    signal?.throwIfAborted();
    await publish(folders, blobId, temporary);
    return length;
  } finally {
    // After publishing it is only a second name; and what can not be removed now is swept later.
    await unlink(temporary).catch(() => undefined);
  }
}

async function prepare(
  folders: BlobFolders,
  blobId: string,
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<FileHandle> {
  signal?.throwIfAborted();
  // Linking decides; this only spares the data of an upload that can not succeed.
  if (await exists(folders.pathOf(blobId))) throw blobExists(blobId);
  await attempt('Making the blob folder', folders.makeFolderOf(blobId));
  return attempt('Creating a temporary file', open(temporary, 'wx', 0o600));
}

async function fill(handle: FileHandle, stream: ByteStream, signal: AbortSignal | undefined): Promise<number> {
  try {
    const gathered = new Uint8Array(gatherLength);
    let used = 0;
    let length = 0;
    for await (const piece of stream) {
      signal?.throwIfAborted();
      length += piece.length;
      let rest = piece;
      while (rest.length > 0) {
        const part = rest.subarray(0, gatherLength - used);
        gathered.set(part, used);
        used += part.length;
        rest = rest.subarray(part.length);
        if (used === gatherLength) {
          await writeAll(handle, gathered);
          used = 0;
        }
      }
    }
    await writeAll(handle, gathered.subarray(0, used));
    await attempt('Flushing the blob', handle.datasync());
    return length;
  } finally {
    await attempt('Closing the blob', handle.close());
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) {
    const { bytesWritten } = await attempt('Writing the blob', handle.write(rest));
    rest = rest.subarray(bytesWritten);
  }
}

async function publish(folders: BlobFolders, blobId: string, temporary: string): Promise<void> {
  const path = folders.pathOf(blobId);
  try {
    await link(temporary, path);
  } catch (error) {
    throw isErrno(error, 'EEXIST') ? blobExists(blobId) : storeFailure('Naming the blob', error);
  }
  try {
    await syncDirectory(folders.folderOf(blobId));
  } catch (error) {
    // Whether the name would survive is not known, and asking again would not tell: the blob is taken back.
    await unlink(path).catch(() => undefined);
    throw storeFailure('Flushing the blob folder', error);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw storeFailure('Looking for the blob', error);
  }
}

function blobExists(blobId: string): StoreError {
  return new StoreError('blob_exists', `There is a blob ${blobId} already`);
}
