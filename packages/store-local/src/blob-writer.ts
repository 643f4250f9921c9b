import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { canFill, type ByteStream, type FillingIterator } from '@coffer/bytes';
import { StoreError, type BlobFile } from '@coffer/storage-ports';
import type { BlobPlace } from './blob-place.ts';
import { GatheredWriter } from './gathered-writer.ts';
import { attempt, isErrno, storeFailure } from './store-failure.ts';

/**
 * Writes a new blob: into a temporary file, flushed, then linked to its name, which fails where the name is taken, then
 * the folder flushed. Returns the blob's length.
 */
export async function writeBlob(
  place: BlobPlace,
  blobId: string,
  stream: ByteStream,
  signal: AbortSignal | undefined,
): Promise<number> {
  const iterator = stream[Symbol.asyncIterator]();
  const { files, folders } = place;
  const temporary = join(folders.temporary, `${blobId}-${randomBytes(8).toString('hex')}`);
  try {
    const file = await prepare(place, blobId, temporary, signal).catch(async (error: unknown) => {
      // Nobody has read from the stream; its producer must still learn that nobody will.
      await iterator.return?.();
      throw error;
    });
    const length = await fill(file, iterator, signal);
    signal?.throwIfAborted();
    await publish(place, blobId, temporary);
    return length;
  } finally {
    // After publishing, this is only a second name of the blob. A file that cannot be removed now is swept later.
    await files.unlink(temporary).catch(() => undefined);
  }
}

/** The id of the blob for whose write a file of that name was made. */
export function temporaryBlobId(name: string): string {
  return name.split('-', 1)[0] ?? '';
}

async function prepare(
  place: BlobPlace,
  blobId: string,
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<BlobFile> {
  const { files, folders } = place;
  signal?.throwIfAborted();
  // Linking decides whether the id is free; this check only saves an upload that cannot succeed from sending its data.
  if (await exists(place, blobId)) throw blobExists(blobId);
  await attempt('Making the blob folder', folders.makeFolderOf(blobId));
  return attempt('Creating a temporary file', files.create(temporary));
}

async function fill(
  file: BlobFile,
  source: AsyncIterator<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const writer = new GatheredWriter(file);
  try {
    const length = canFill(source) ? await filled(writer, source, signal) : await gathered(writer, source, signal);
    await writer.end();
    await attempt('Flushing the blob', file.datasync());
    return length;
  } finally {
    await writer.release();
    await attempt('Closing the blob', file.close());
  }
}

/** Writes what comes in pieces. */
async function gathered(
  writer: GatheredWriter,
  source: AsyncIterator<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<number> {
  let length = 0;
  for await (const piece of { [Symbol.asyncIterator]: () => source }) {
    signal?.throwIfAborted();
    length += piece.length;
    // Not awaited every time: most pieces are only copied, and waiting would cost more than the copy.
    const full = writer.add(piece);
    if (full !== undefined) await full;
  }
  return length;
}

/** Writes what a stream puts into the writer's own buffers. */
async function filled(
  writer: GatheredWriter,
  source: FillingIterator,
  signal: AbortSignal | undefined,
): Promise<number> {
  try {
    let length = 0;
    for (let count = await writer.fill(source); count > 0; count = await writer.fill(source)) {
      signal?.throwIfAborted();
      length += count;
    }
    return length;
  } catch (error) {
    // As leaving a loop over its pieces does.
    await source.return().catch(() => undefined);
    throw error;
  }
}

async function publish({ files, folders, flushes }: BlobPlace, blobId: string, temporary: string): Promise<void> {
  const path = folders.pathOf(blobId);
  const flush = flushes.begin(folders.folderOf(blobId));
  try {
    await files.link(temporary, path);
  } catch (error) {
    throw isErrno(error, 'EEXIST') ? blobExists(blobId) : storeFailure('Naming the blob', error);
  }
  try {
    await flush();
  } catch (error) {
    // Nobody knows whether the name is on disk, and a second flush may succeed without having written it. So the blob
    // is removed.
    await files.unlink(path).catch(() => undefined);
    throw storeFailure('Flushing the blob folder', error);
  }
}

async function exists({ files, folders }: BlobPlace, blobId: string): Promise<boolean> {
  try {
    await files.size(folders.pathOf(blobId));
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw storeFailure('Looking for the blob', error);
  }
}

function blobExists(blobId: string): StoreError {
  return new StoreError('blob_exists', `There is a blob ${blobId} already`);
}
