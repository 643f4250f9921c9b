import { collect, streamOf, type ByteRange, type ByteStream, type SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import {
  CHUNK_LENGTH,
  HEADER_LENGTH,
  SEALED_CHUNK_LENGTH,
  chunkIndexAt,
  ciphertextLength,
  ciphertextRange,
  requireRange,
} from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import { ChunkCutter } from './chunk-cutter.ts';
import { ChunkStream, type ChunkWork } from './chunk-stream.ts';
import { EnvelopeError } from './envelope-error.ts';

/** A stored blob that can be read from any offset. */
export interface BlobSource {
  /** Stored bytes, header and tags included. */
  readonly length: number;
  /** Exactly the stored bytes of `range`, which lies inside the blob. */
  read(range: ByteRange): ByteStream | Promise<ByteStream>;
}

/** What the authenticated encryption record says of a blob. */
export interface ExpectedBlob {
  /** Plaintext bytes. */
  readonly plaintextLength: number;
  /** The blob's own, 32 bytes; null: any blob of this file and part will do. */
  readonly commitment: Uint8Array | null;
}

/**
 * Opens the plaintext bytes `range` of a blob, reading and decrypting only its header and the chunks that cover the
 * range.
 *
 * Such a read does not see the blob's end, so the length is bound by the expected one: the stored length is compared
 * with it, and the header's commitment with the expected one and with the file key, before the first byte is released,
 * also for an empty range. No byte is released before its chunk was authenticated. `fileKey` must stay unwiped until
 * the first piece arrived; it stays the caller's.
 *
 * @throws RangeError at once if the range is not inside the plaintext; EnvelopeError `malformed` at once for a context
 * that cannot be; from the stream, EnvelopeError `not_authentic` and `wrong_key` as {@link openBlob}. Errors of
 * `source` pass through.
 */
export function openBlobRange(
  source: BlobSource,
  fileKey: SecretBytes,
  context: BlobContext,
  expected: ExpectedBlob,
  range: ByteRange,
): ByteStream {
  return openChunkRange(source, fileKey, encodeBlobContext(context), expected, range);
}

/**
 * {@link openBlobRange} of a blob that is in memory: one chunk's plaintext at a time, each authenticated before it is
 * handed out, without a stream's detours.
 *
 * @throws everything when it is iterated, as {@link openBlobRange} does.
 */
export function* openBlobBytes(
  blob: Uint8Array,
  fileKey: SecretBytes,
  context: BlobContext,
  expected: ExpectedBlob,
  range: ByteRange,
): Generator<Uint8Array, void> {
  const { plaintextLength, commitment } = expected;
  const stored = ciphertextRange(range, plaintextLength);
  requireStoredLength(blob.length, plaintextLength);
  const header = blob.subarray(0, HEADER_LENGTH);
  const cipher = ChunkCipher.forHeader(header, fileKey, encodeBlobContext(context), commitment);
  const opening = new RangeOpening(streamOf(), cipher, range, stored.length);
  try {
    yield* opening.push(blob.subarray(stored.start, stored.start + stored.length));
    yield* opening.end();
  } finally {
    opening.discard();
  }
}

/** {@link openBlobRange} with any context. */
export function openChunkRange(
  source: BlobSource,
  key: SecretBytes,
  context: Uint8Array,
  { plaintextLength, commitment }: ExpectedBlob,
  range: ByteRange,
): ChunkStream {
  requireRange(range, plaintextLength);
  const stored = ciphertextRange(range, plaintextLength);
  return new ChunkStream(async () => {
    requireStoredLength(source.length, plaintextLength);
    const header = await collect(await source.read({ start: 0, length: HEADER_LENGTH }), HEADER_LENGTH);
    const cipher = ChunkCipher.forHeader(header, key, context, commitment);
    try {
      const chunks = range.length === 0 ? streamOf() : await source.read(stored);
      return new RangeOpening(chunks, cipher, range, stored.length);
    } catch (error) {
      cipher.discard();
      throw error;
    }
  });
}

function requireStoredLength(length: number, plaintextLength: number): void {
  const expected = ciphertextLength(plaintextLength);
  if (length !== expected)
    throw new EnvelopeError('not_authentic', `The blob has ${length} bytes instead of ${expected}`);
}

/** The bytes of a range out of the whole chunks that cover it. */
class RangeOpening implements ChunkWork {
  readonly source: ByteStream;
  readonly #cipher: ChunkCipher;
  readonly #cutter = new ChunkCutter(SEALED_CHUNK_LENGTH);
  #index: number;
  /** Stored bytes still to come. */
  #missing: number;
  /** Plaintext bytes before the range, in its first chunk only. */
  #skip: number;
  /** Plaintext bytes still to be released. */
  #left: number;

  constructor(source: ByteStream, cipher: ChunkCipher, range: ByteRange, storedLength: number) {
    this.source = source;
    this.#cipher = cipher;
    this.#index = chunkIndexAt(range.start);
    this.#missing = storedLength;
    this.#skip = range.start % CHUNK_LENGTH;
    this.#left = range.length;
  }

  *push(piece: Uint8Array): Generator<Uint8Array, void> {
    this.#missing -= piece.length;
    if (this.#missing < 0) throw new EnvelopeError('not_authentic', 'More of the blob was read than was asked for');
    for (const chunk of this.#cutter.push(piece)) yield this.#open(chunk);
  }

  end(): readonly Uint8Array[] {
    if (this.#missing > 0) throw new EnvelopeError('not_authentic', `The blob ended ${this.#missing} bytes too early`);
    const last = this.#cutter.rest();
    return last.length > 0 ? [this.#open(last)] : [];
  }

  discard(): void {
    this.#cipher.discard();
  }

  #open(chunk: Uint8Array): Uint8Array {
    const plaintext = this.#cipher.open(this.#index++, chunk);
    const part = plaintext.subarray(this.#skip, this.#skip + this.#left);
    this.#skip = 0;
    this.#left -= part.length;
    return part;
  }
}
