import { publicRandomBytes, type ByteStream, type SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import {
  CHUNK_LENGTH,
  HEADER_LENGTH,
  SALT_LENGTH,
  SEALED_CHUNK_LENGTH,
  TAG_LENGTH,
  ciphertextLength,
} from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import type { ChunkEngine } from './chunk-engine.ts';
import { chunkInput, type ChunkInput } from './chunk-input.ts';
import { ChunkStream, type ChunkRun, type ChunkWork } from './chunk-stream.ts';
import { unwrittenBytes } from './unwritten-bytes.ts';

export interface SealOptions {
  /**
   * For known-answer tests only: a salt used twice with one file key, file and part breaks both blobs. Default: random.
   */
  readonly salt?: Uint8Array;
  /** Is told the blob's commitment (32 bytes) before the first piece comes: the record names the blob by it. */
  readonly onCommitment?: (commitment: Uint8Array) => void;
  /** Default: the TypeScript engine. */
  readonly engine?: ChunkEngine | undefined;
}

/**
 * Seals one contiguous plaintext into a blob (`docs/format.md`, "Blobs"). Its iterator also fills memory of the
 * consumer (`FillingIterator` of `@coffer/bytes`), as far as whole chunks fit. Holds one chunk and one piece of the
 * plaintext, whatever the length.
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
  { salt = publicRandomBytes(SALT_LENGTH), onCommitment, engine }: SealOptions = {},
): ByteStream {
  return sealChunks(plaintext, fileKey, encodeBlobContext(context), salt, { onCommitment, engine });
}

/** A blob in memory. */
export interface SealedBlob {
  readonly blob: Uint8Array;
  /** What the record names the blob by: 32 bytes. */
  readonly commitment: Uint8Array;
}

/**
 * {@link sealBlob} of a plaintext that is in memory, in one go: for small ones, which a stream costs more than the
 * cipher.
 *
 * @throws EnvelopeError `malformed` for a context that cannot be; `wrong_key` unless the file key has 32 bytes.
 */
export function sealBlobBytes(
  plaintext: Uint8Array,
  fileKey: SecretBytes,
  context: BlobContext,
  { salt = publicRandomBytes(SALT_LENGTH), engine }: Omit<SealOptions, 'onCommitment'> = {},
): SealedBlob {
  const cipher = new ChunkCipher(fileKey, salt, encodeBlobContext(context), engine);
  try {
    const blob = unwrittenBytes(ciphertextLength(plaintext.length));
    blob.set(cipher.header);
    cipher.seal(0, plaintext, blob.subarray(HEADER_LENGTH));
    return { blob, commitment: cipher.commitment };
  } finally {
    cipher.discard();
  }
}

/** Cobblestone-256 encryption with any context; Coffer's own contexts come from {@link encodeBlobContext}. */
export function sealChunks(
  plaintext: ByteStream,
  key: SecretBytes,
  context: Uint8Array,
  salt: Uint8Array,
  {
    onCommitment,
    engine,
  }: Pick<SealOptions, 'engine'> & {
    readonly onCommitment?: SealOptions['onCommitment'] | undefined;
  } = {},
): ChunkStream {
  const makeCipher = () => {
    const cipher = new ChunkCipher(key, salt, context, engine);
    onCommitment?.(cipher.commitment);
    return cipher;
  };
  return new ChunkStream(new Sealing(plaintext, makeCipher), SEALED_CHUNK_LENGTH);
}

/** The cipher is made at the first pull, when its key is taken over from the file key. */
class Sealing implements ChunkWork {
  readonly #plaintext: ByteStream;
  readonly #makeCipher: () => ChunkCipher;
  #cipher: ChunkCipher | undefined;
  #input: ChunkInput | undefined;
  #index = 0;
  #over = false;

  constructor(plaintext: ByteStream, makeCipher: () => ChunkCipher) {
    this.#plaintext = plaintext;
    this.#makeCipher = makeCipher;
  }

  async next(most: number): Promise<ChunkRun | undefined> {
    if (this.#over) return undefined;
    const cipher = (this.#cipher ??= this.#makeCipher());
    const input = (this.#input ??= chunkInput(this.#plaintext, CHUNK_LENGTH));
    const chunks = await input.run(most);
    // The header waits for input, so that a stream that is left has always begun its source, and ends it.
    const header = this.#index === 0 ? cipher.header : new Uint8Array(0);
    // The last chunk is always short; where nothing is left, it is empty.
    const isLast = chunks.length < CHUNK_LENGTH;
    const count = isLast ? 1 : chunks.length / CHUNK_LENGTH;
    return {
      length: header.length + chunks.length + count * TAG_LENGTH,
      into: (target) => {
        target.set(header);
        cipher.seal(this.#index, chunks, target.subarray(header.length));
        input.take(chunks.length);
        this.#index += count;
        this.#over = isLast;
      },
    };
  }

  async end(): Promise<void> {
    this.#over = true;
    this.#cipher?.discard();
    await this.#input?.end();
  }
}
