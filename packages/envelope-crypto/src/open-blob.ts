import type { ByteRange, ByteStream, SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import {
  CHUNK_LENGTH,
  HEADER_LENGTH,
  SEALED_CHUNK_LENGTH,
  chunkIndexAt,
  ciphertextLength,
  ciphertextRange,
} from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import { ChunkInput, type ChunkWork } from './chunk-input.ts';
import { ChunkStream, runsOf } from './chunk-stream.ts';
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

/** The cipher of the blob that starts with a header, or a refusal of that header. */
type CipherFor = (header: Uint8Array) => ChunkCipher;

/**
 * Opens a whole blob, however its bytes are cut into pieces, and hands its plaintext on a chunk at a time.
 *
 * No byte is released before its chunk was authenticated. A prefix of authentic chunks may be released before damage or
 * truncation behind it is found: only a stream that ended without an error was the whole plaintext. After an error the
 * stream has ended. `fileKey` must stay unwiped until the first piece arrived; it stays the caller's. `commitment` is
 * the one that the encryption record names the blob by, and is compared first; without it any blob of this file and
 * part opens.
 *
 * @throws EnvelopeError `malformed` at once for a context that cannot be; from the stream, `not_authentic` for a blob
 * that is damaged, cut short, extended, another one or from another file or part, and `wrong_key` unless the file key
 * has 32 bytes. Errors of `ciphertext` pass through.
 */
export function openBlob(
  ciphertext: ByteStream,
  fileKey: SecretBytes,
  context: BlobContext,
  commitment: Uint8Array | null = null,
): ByteStream {
  return openChunks(ciphertext, fileKey, encodeBlobContext(context), commitment);
}

/** Cobblestone-256 decryption with any context; Coffer's own contexts come from {@link encodeBlobContext}. */
export function openChunks(
  ciphertext: ByteStream,
  key: SecretBytes,
  context: Uint8Array,
  commitment: Uint8Array | null = null,
): ChunkStream {
  return new ChunkStream(
    ciphertext,
    opening((header) => ChunkCipher.forHeader(header, key, context, commitment)),
  );
}

function* opening(cipherFor: CipherFor): ChunkWork {
  const input = new ChunkInput();
  const cipher = cipherFor(yield* input.take(HEADER_LENGTH));
  try {
    for (let index = 0; ; index++) {
      const chunk = yield* input.take(SEALED_CHUNK_LENGTH);
      const plaintext = cipher.open(index, chunk);
      if (plaintext.length > 0) yield plaintext;
      // The last chunk is always short, so a blob that ends with a full one, leaving nothing behind it, was cut off.
      if (chunk.length < SEALED_CHUNK_LENGTH) return;
    }
  } finally {
    cipher.discard();
  }
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

/** {@link openBlobRange} with any context. */
export function openChunkRange(
  source: BlobSource,
  key: SecretBytes,
  context: Uint8Array,
  { plaintextLength, commitment }: ExpectedBlob,
  range: ByteRange,
): ChunkStream {
  const stored = ciphertextRange(range, plaintextLength);
  const cipherFor = (header: Uint8Array) => ChunkCipher.forHeader(header, key, context, commitment);
  const pieces = headerAndChunks(source, plaintextLength, stored);
  return new ChunkStream(pieces, openingRange(cipherFor, range, stored.length));
}

/**
 * {@link openBlobRange} of a blob that is in memory: one chunk's plaintext at a time, each authenticated before it is
 * handed out.
 *
 * @throws everything when it is iterated, as {@link openBlobRange} does.
 */
export function* openBlobBytes(
  blob: Uint8Array,
  fileKey: SecretBytes,
  context: BlobContext,
  { plaintextLength, commitment }: ExpectedBlob,
  range: ByteRange,
): Generator<Uint8Array, void> {
  const stored = ciphertextRange(range, plaintextLength);
  requireStoredLength(blob.length, plaintextLength);
  const cipherFor = (header: Uint8Array) =>
    ChunkCipher.forHeader(header, fileKey, encodeBlobContext(context), commitment);
  const chunks = blob.subarray(stored.start, stored.start + stored.length);
  yield* runsOf(openingRange(cipherFor, range, stored.length), [blob.subarray(0, HEADER_LENGTH), chunks]);
}

/** The chunks are asked for when they are pulled: after the header was found to be the right one. */
async function* headerAndChunks(
  source: BlobSource,
  plaintextLength: number,
  chunks: ByteRange,
): AsyncGenerator<Uint8Array, void> {
  requireStoredLength(source.length, plaintextLength);
  yield* await source.read({ start: 0, length: HEADER_LENGTH });
  if (chunks.length > 0) yield* await source.read(chunks);
}

/** The bytes of a range out of the header and the whole chunks that cover it, which are `storedLength` bytes. */
function* openingRange(cipherFor: CipherFor, range: ByteRange, storedLength: number): ChunkWork {
  const input = new ChunkInput();
  const cipher = cipherFor(yield* input.take(HEADER_LENGTH));
  try {
    let skip = range.start % CHUNK_LENGTH;
    let left = range.length;
    let index = chunkIndexAt(range.start);
    for (let missing = storedLength; missing > 0; missing -= SEALED_CHUNK_LENGTH) {
      const length = Math.min(missing, SEALED_CHUNK_LENGTH);
      const chunk = yield* input.take(length);
      if (chunk.length < length)
        throw new EnvelopeError('not_authentic', `The blob ended ${missing - chunk.length} bytes too early`);
      const part = cipher.open(index++, chunk).subarray(skip, skip + left);
      skip = 0;
      left -= part.length;
      yield part;
    }
    if ((yield* input.take(1)).length > 0)
      throw new EnvelopeError('not_authentic', 'More of the blob was read than was asked for');
  } finally {
    cipher.discard();
  }
}

function requireStoredLength(length: number, plaintextLength: number): void {
  const expected = ciphertextLength(plaintextLength);
  if (length !== expected)
    throw new EnvelopeError('not_authentic', `The blob has ${length} bytes instead of ${expected}`);
}
