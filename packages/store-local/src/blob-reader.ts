import type { ByteRange, ByteStream } from '@coffer/bytes';
import { StoreError, type BlobFile } from '@coffer/storage-ports';
import type { BlobPlace, UseCount } from './blob-place.ts';
import { attempt } from './store-failure.ts';

/**
 * Bytes read at a time; each reader holds two pieces. The larger size takes less than half the time per byte; the
 * smaller one limits the memory when many read at once.
 */
const pieceLengths = { fewReaders: 256 * 1024, manyReaders: 64 * 1024 };
const manyReaders = 64;

/** Opens a blob; an open file outlives the removal of its name. */
export async function readBlob(
  { files, folders, readers }: BlobPlace,
  blobId: string,
  range: ByteRange | undefined,
): Promise<ByteStream> {
  const path = folders.pathOf(blobId);
  const file = await files.open(path).catch(async (error: unknown) => {
    throw await folders.lookupFailure(blobId, error);
  });
  try {
    const size = await attempt('Reading the blob', file.size());
    const stream = pieces(file, blobId, checkRange(range, size), readers);
    // A generator that was not started skips its `finally` when it is left, so this one is started: it waits at its
    // first, empty piece.
    await stream.next();
    return stream;
  } catch (error) {
    await release(file);
    throw error;
  }
}

/** @throws RangeError unless the range lies within `size` bytes. */
function checkRange(range: ByteRange | undefined, size: number): ByteRange {
  const { start, length } = range ?? { start: 0, length: size };
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(length) && start >= 0 && length >= 0))
    throw new RangeError('A range is made of non-negative integers');
  if (start + length > size)
    throw new RangeError(`The range ${start}+${length} is not within the blob's ${size} bytes`);
  return { start, length };
}

/** An empty piece, then the range's bytes, read one piece ahead of the consumer. */
async function* pieces(
  file: BlobFile,
  blobId: string,
  { start, length }: ByteRange,
  readers: UseCount,
): AsyncGenerator<Uint8Array, void> {
  let left = length;
  let ahead: Promise<Uint8Array> | undefined;
  const readAhead = () => {
    const size = Math.min(left, readers.count > manyReaders ? pieceLengths.manyReaders : pieceLengths.fewReaders);
    ahead = size > 0 ? readPiece(file, blobId, start + length - left, size) : undefined;
    left -= size;
    // Not an unhandled rejection: the failure is reported when the consumer asks for the piece.
    ahead?.catch(() => undefined);
  };
  readers.count++;
  try {
    yield new Uint8Array();
    readAhead();
    while (ahead !== undefined) {
      const piece: Uint8Array = await ahead;
      readAhead();
      yield piece;
    }
  } finally {
    readers.count--;
    await ahead?.catch(() => undefined);
    await release(file);
  }
}

/** Closes the file and ignores failures: what was read stays valid. */
async function release(file: BlobFile): Promise<void> {
  await file.close().catch(() => undefined);
}

async function readPiece(file: BlobFile, blobId: string, offset: number, length: number): Promise<Uint8Array> {
  // Not zeroed: a piece is handed on only when all of it was filled.
  const piece = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  let filled = 0;
  while (filled < length) {
    const reading = file.read(piece.subarray(filled), offset + filled);
    const bytesRead = await attempt(`Reading blob ${blobId}`, reading);
    if (bytesRead === 0) throw new StoreError('io', `Blob ${blobId} is shorter than it was`);
    filled += bytesRead;
  }
  return piece;
}
