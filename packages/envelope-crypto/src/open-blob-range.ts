import { collect, type ByteRange, type ByteStream, type SecretBytes } from '@coffer/bytes';
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
import { EnvelopeError } from './envelope-error.ts';
import { PieceGatherer } from './piece-gatherer.ts';

/** A stored blob that can be read from any offset. */
export interface BlobSource {
  /** Stored bytes, header and tags included. */
  readonly length: number;
  /** Exactly the stored bytes of `range`, which lies inside the blob. */
  read(range: ByteRange): ByteStream | Promise<ByteStream>;
}

/**
 * Opens the plaintext bytes `range` of a blob, reading and decrypting only its header and the chunks that cover the range.
 *
 * Such a read does not see the blob's end, so the length is bound by `plaintextLength`, which must come from an authenticated
 * encryption record: the stored length is compared with it, and the header's commitment checked, before the first byte is
 * released, also for an empty range. No byte is released before its chunk was authenticated. `fileKey` must stay unwiped
 * until the first piece arrived; it stays the caller's.
 *
 * @throws RangeError at once if the range is not inside the plaintext; EnvelopeError `malformed` at once for a context that
 * cannot be; from the stream, EnvelopeError `not_authentic` and `wrong_key` as {@link openBlob}. Errors of `source` pass through.
 */
export function openBlobRange(
  source: BlobSource,
  fileKey: SecretBytes,
  context: BlobContext,
  plaintextLength: number,
  range: ByteRange,
): ByteStream {
  return openChunkRange(source, fileKey, encodeBlobContext(context), plaintextLength, range);
}

/** {@link openBlobRange} with any context. */
export function openChunkRange(
  source: BlobSource,
  key: SecretBytes,
  context: Uint8Array,
  plaintextLength: number,
  range: ByteRange,
): ByteStream {
  requireRange(range, plaintextLength);
  const expected = ciphertextLength(plaintextLength);
  return readRange(source, key, context, expected, ciphertextRange(range, plaintextLength), range);
}

async function* readRange(
  source: BlobSource,
  key: SecretBytes,
  context: Uint8Array,
  expectedLength: number,
  stored: ByteRange,
  range: ByteRange,
): AsyncGenerator<Uint8Array, void> {
  if (source.length !== expectedLength)
    throw new EnvelopeError('not_authentic', `The blob has ${source.length} bytes instead of ${expectedLength}`);
  const header = await collect(await source.read({ start: 0, length: HEADER_LENGTH }), HEADER_LENGTH);
  const cipher = ChunkCipher.forHeader(header, key, context);
  try {
    if (range.length === 0) return;
    const chunks = openStoredChunks(await source.read(stored), cipher, chunkIndexAt(range.start), stored.length);
    yield* clipped(chunks, range.start % CHUNK_LENGTH, range.length);
  } finally {
    cipher.discard();
  }
}

/** The plaintext of whole chunks that start at place `index` and fill `length` stored bytes. */
async function* openStoredChunks(
  stored: ByteStream,
  cipher: ChunkCipher,
  index: number,
  length: number,
): AsyncGenerator<Uint8Array, void> {
  const cutter = new ChunkCutter(SEALED_CHUNK_LENGTH);
  const gatherer = new PieceGatherer();
  let missing = length;
  for await (const piece of stored) {
    missing -= piece.length;
    if (missing < 0) throw new EnvelopeError('not_authentic', 'More of the blob was read than was asked for');
    for (const chunk of cutter.push(piece)) {
      gatherer.add(cipher.open(index++, chunk));
      if (gatherer.full) yield gatherer.take();
    }
  }
  if (missing > 0) throw new EnvelopeError('not_authentic', `The blob ended ${missing} bytes too early`);
  const last = cutter.rest();
  if (last.length > 0) gatherer.add(cipher.open(index, last));
  if (!gatherer.empty) yield gatherer.take();
}

/** `length` bytes from `skip` on. */
async function* clipped(stream: ByteStream, skip: number, length: number): AsyncGenerator<Uint8Array, void> {
  let from = skip;
  let left = length;
  for await (const piece of stream) {
    const part = piece.subarray(from, from + left);
    from = Math.max(0, from - piece.length);
    left -= part.length;
    if (part.length > 0) yield part;
  }
}
