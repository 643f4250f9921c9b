import { PieceRest, type ByteRange, type ByteStream, type FillingIterator } from '@coffer/bytes';
import { StoreError, type BlobFile } from '@coffer/storage-ports';
import type { BlobPlace } from './blob-place.ts';
import { attempt } from './store-failure.ts';

type Piece = IteratorResult<Uint8Array, void>;

const done: Piece = { done: true, value: undefined };
/** Bytes of a piece in memory of its own: of the first, beyond which many a range does not go, and of the others. */
const pieceLengths = { first: 64 * 1024, next: 256 * 1024 };

/** Opens a blob; an open file outlives the removal of its name. */
export async function readBlob(
  { files, folders }: BlobPlace,
  blobId: string,
  range: ByteRange | undefined,
): Promise<ByteStream> {
  const path = folders.pathOf(blobId);
  const file = await files.open(path).catch(async (error: unknown) => {
    throw await folders.lookupFailure(blobId, error);
  });
  try {
    const size = await attempt('Reading the blob', file.size());
    const reading = new BlobReading(file, blobId, checkRange(range, size));
    return { [Symbol.asyncIterator]: () => reading };
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

/**
 * The range's bytes: in pieces, which are read one ahead of the consumer, or straight into memory of the consumer.
 * Holds the file open until it has ended or is left.
 */
class BlobReading implements FillingIterator {
  readonly #file: BlobFile;
  readonly #blobId: string;
  #position: number;
  /** Bytes that are not being read yet. */
  #left: number;
  /** What was read ahead, or is being; and what is left of it. */
  #ahead: Promise<Uint8Array> | undefined;
  readonly #rest = new PieceRest();
  #begun = false;
  /** The last read, of which nothing may be under way when the file is closed. */
  #reading: Promise<unknown> | undefined;
  #released: Promise<void> | undefined;

  constructor(file: BlobFile, blobId: string, { start, length }: ByteRange) {
    this.#file = file;
    this.#blobId = blobId;
    this.#position = start;
    this.#left = length;
  }

  async next(): Promise<Piece> {
    if (this.#released !== undefined) return done;
    const piece = await this.#orRelease(() => this.#rest.take() ?? this.#ahead ?? this.#piece());
    this.#ahead = undefined;
    if (piece === undefined) return this.return();
    if (this.#isReleased()) return done;
    // Nothing is read ahead of the first piece: many a consumer has no use for more, or its own memory filled then.
    if (this.#begun) this.#ahead = this.#piece();
    // Not an unhandled rejection: the failure is reported when the consumer asks for the piece.
    this.#ahead?.catch(() => undefined);
    this.#begun = true;
    return { done: false, value: piece };
  }

  async fill(target: Uint8Array): Promise<number> {
    if (this.#released !== undefined || target.length === 0) return 0;
    const ahead = this.#ahead;
    if (ahead !== undefined) {
      this.#rest.keep(await this.#orRelease(() => ahead));
      this.#ahead = undefined;
    }
    if (!this.#rest.isEmpty) return this.#rest.moveTo(target);
    const length = Math.min(target.length, this.#left);
    if (length > 0) await this.#orRelease(() => this.#read(target.subarray(0, length)));
    else await this.return();
    return this.#isReleased() ? 0 : length;
  }

  async return(): Promise<Piece> {
    this.#released ??= this.#release();
    await this.#released;
    return done;
  }

  async #release(): Promise<void> {
    await this.#reading?.catch(() => undefined);
    await release(this.#file);
  }

  #isReleased(): boolean {
    return this.#released !== undefined;
  }

  async #orRelease<T>(act: () => T | Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  /** The next piece; undefined at the end. */
  #piece(): Promise<Uint8Array> | undefined {
    const length = Math.min(this.#left, this.#begun ? pieceLengths.next : pieceLengths.first);
    if (length === 0) return undefined;
    // Not zeroed: a piece is handed on only when all of it was filled.
    const piece = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    return this.#read(piece).then(() => piece);
  }

  /** Fills `target` with the bytes that come next. */
  #read(target: Uint8Array): Promise<void> {
    const position = this.#position;
    this.#position += target.length;
    this.#left -= target.length;
    const reading = readFully(this.#file, this.#blobId, position, target);
    this.#reading = reading;
    return reading;
  }
}

/** Closes the file and ignores failures: what was read stays valid. */
async function release(file: BlobFile): Promise<void> {
  await file.close().catch(() => undefined);
}

async function readFully(file: BlobFile, blobId: string, position: number, target: Uint8Array): Promise<void> {
  let filled = 0;
  while (filled < target.length) {
    const reading = file.read(target.subarray(filled), position + filled);
    const bytesRead = await attempt(`Reading blob ${blobId}`, reading);
    if (bytesRead === 0) throw new StoreError('io', `Blob ${blobId} is shorter than it was`);
    filled += bytesRead;
  }
}
