import type { ByteRange, ByteStream, SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import { CHUNK_LENGTH, HEADER_LENGTH, SEALED_CHUNK_LENGTH, ciphertextLength, ciphertextRange } from './blob-layout.ts';
import { cipherForHeader, openedLength } from './chunk-cipher.ts';
import type { ChunkEngine } from './chunk-engine.ts';
import { ChunkStream, pieceChunks } from './chunk-stream.ts';
import { EnvelopeError } from './envelope-error.ts';
import { Opening } from './opening.ts';
import { unwrittenBytes } from './unwritten-bytes.ts';

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

/** How a blob is opened. */
export interface OpenOptions {
  /** Default: the TypeScript engine. */
  readonly engine?: ChunkEngine | undefined;
}

/**
 * Opens a whole blob, however its bytes are cut into pieces, and hands its plaintext on some chunks at a time. Its
 * iterator also fills memory of the consumer (`FillingIterator` of `@coffer/bytes`).
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
  options: OpenOptions = {},
): ByteStream {
  return openChunks(ciphertext, fileKey, encodeBlobContext(context), commitment, options);
}

/** Cobblestone-256 decryption with any context; Coffer's own contexts come from {@link encodeBlobContext}. */
export function openChunks(
  ciphertext: ByteStream,
  key: SecretBytes,
  context: Uint8Array,
  commitment: Uint8Array | null = null,
  { engine }: OpenOptions = {},
): ChunkStream {
  const cipherFor = (header: Uint8Array) => cipherForHeader(header, key, context, commitment, engine);
  return new ChunkStream(new Opening({ whole: ciphertext }, cipherFor), CHUNK_LENGTH);
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
  options: OpenOptions = {},
): ByteStream {
  return openChunkRange(source, fileKey, encodeBlobContext(context), expected, range, options);
}

/** {@link openBlobRange} with any context. */
export function openChunkRange(
  source: BlobSource,
  key: SecretBytes,
  context: Uint8Array,
  { plaintextLength, commitment }: ExpectedBlob,
  range: ByteRange,
  { engine }: OpenOptions = {},
): ChunkStream {
  const stored = ciphertextRange(range, plaintextLength);
  const cipherFor = (header: Uint8Array) => cipherForHeader(header, key, context, commitment, engine);
  const read = (part: ByteRange) => {
    requireStoredLength(source.length, plaintextLength);
    return source.read(part);
  };
  return new ChunkStream(new Opening({ read, stored, range }, cipherFor), CHUNK_LENGTH);
}

/**
 * {@link openBlobRange} of a blob that is in memory: some chunks' plaintext at a time, each authenticated before it is
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
  { engine }: OpenOptions = {},
): Generator<Uint8Array, void> {
  const stored = ciphertextRange(range, plaintextLength);
  requireStoredLength(blob.length, plaintextLength);
  const header = blob.subarray(0, HEADER_LENGTH);
  const cipher = cipherForHeader(header, fileKey, encodeBlobContext(context), commitment, engine);
  try {
    const end = stored.start + stored.length;
    let start = range.start % CHUNK_LENGTH;
    let left = range.length;
    for (let at = stored.start; at < end;) {
      // As in a stream: a chunk that is wanted in part only comes alone.
      const chunks = start > 0 ? 1 : Math.min(pieceChunks, Math.max(1, Math.floor(left / CHUNK_LENGTH)));
      const sealed = blob.subarray(at, Math.min(end, at + chunks * SEALED_CHUNK_LENGTH));
      const first = (at - HEADER_LENGTH) / SEALED_CHUNK_LENGTH;
      const plaintext = unwrittenBytes(openedLength(first, sealed.length));
      cipher.open(first, sealed, plaintext);
      const part = plaintext.subarray(start, start + left);
      yield part;
      at += sealed.length;
      start = 0;
      left -= part.length;
    }
  } finally {
    cipher.discard();
  }
}

function requireStoredLength(length: number, plaintextLength: number): void {
  const expected = ciphertextLength(plaintextLength);
  if (length !== expected)
    throw new EnvelopeError('not_authentic', `The blob has ${length} bytes instead of ${expected}`);
}
