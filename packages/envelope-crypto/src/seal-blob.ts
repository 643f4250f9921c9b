import { publicRandomBytes, type ByteStream, type SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import { CHUNK_LENGTH, SALT_LENGTH } from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import { ChunkInput, type ChunkWork } from './chunk-input.ts';
import { ChunkStream } from './chunk-stream.ts';

export interface SealOptions {
  /**
   * For known-answer tests only: a salt used twice with one file key, file and part breaks both blobs. Default: random.
   */
  readonly salt?: Uint8Array;
  /** Is told the blob's commitment (32 bytes) before the first piece comes: the record names the blob by it. */
  readonly onCommitment?: (commitment: Uint8Array) => void;
}

/**
 * Seals one contiguous plaintext into a blob (`docs/format.md`, "Blobs"). Pieces come as the cipher makes them,
 * ciphertext and tag of a chunk each on its own, so a consumer that pays for every piece gathers them. Holds one chunk
 * and one piece of the plaintext, whatever the length.
 *
 * `fileKey` must stay unwiped until the first piece arrived; it stays the caller's.
 *
 * @throws EnvelopeError `malformed` at once for a context that cannot be; from the stream, `wrong_key` unless the file
 * key has 32 bytes. Errors of `plaintext` pass through.
 *
 * @example
 * ```ts
 * const fileKey = generateFileKey();
 * const context = { fileId: 'file1', partNumber: 0 };
 * const blob = await collect(sealBlob(streamOf(new Uint8Array([1, 2, 3])), fileKey, context), 1_000);
 * assert.equal(blob.length, ciphertextLength(3));
 * assert.deepEqual(await collect(openBlob(streamOf(blob), fileKey, context), 1_000), new Uint8Array([1, 2, 3]));
 * const elsewhere = openBlob(streamOf(blob), fileKey, { fileId: 'file2', partNumber: 0 });
 * await assert.rejects(collect(elsewhere, 1_000), { code: 'not_authentic' });
 * fileKey.wipe();
 * ```
 */
export function sealBlob(
  plaintext: ByteStream,
  fileKey: SecretBytes,
  context: BlobContext,
  { salt = publicRandomBytes(SALT_LENGTH), onCommitment }: SealOptions = {},
): ByteStream {
  return sealChunks(plaintext, fileKey, encodeBlobContext(context), salt, onCommitment);
}

/** Cobblestone-256 encryption with any context; Coffer's own contexts come from {@link encodeBlobContext}. */
export function sealChunks(
  plaintext: ByteStream,
  key: SecretBytes,
  context: Uint8Array,
  salt: Uint8Array,
  onCommitment?: SealOptions['onCommitment'],
): ChunkStream {
  return new ChunkStream(
    plaintext,
    sealing(() => new ChunkCipher(key, salt, context), onCommitment),
  );
}

/** The cipher is made at the first pull, when its key is taken over from the file key. */
function* sealing(makeCipher: () => ChunkCipher, onCommitment: SealOptions['onCommitment']): ChunkWork {
  const input = new ChunkInput();
  const cipher = makeCipher();
  try {
    onCommitment?.(cipher.commitment);
    for (let index = 0; ; index++) {
      const chunk = yield* input.take(CHUNK_LENGTH);
      // Not before there is input, so that a stream that is left has always begun its source, and ends it.
      if (index === 0) yield cipher.header;
      yield* cipher.seal(index, chunk);
      if (chunk.length < CHUNK_LENGTH) return;
    }
  } finally {
    cipher.discard();
  }
}
