import { randomBytes } from 'node:crypto';
import type { ByteStream, SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import { CHUNK_LENGTH, SALT_LENGTH } from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import { ChunkCutter } from './chunk-cutter.ts';
import { ChunkStream, type ChunkWork } from './chunk-stream.ts';

/**
 * Seals one contiguous plaintext into a blob (`docs/format.md`, "Blobs"). Pieces come as the cipher makes them, ciphertext and tag
 * of a chunk each on its own, so a consumer that pays for every piece gathers them. Holds one chunk and one piece of the plaintext,
 * whatever the length.
 *
 * `fileKey` must stay unwiped until the first piece arrived; it stays the caller's. The salt is random unless given; giving
 * one is for known-answer tests, since a salt used twice with one file key, file and part breaks both blobs.
 *
 * @throws EnvelopeError `malformed` at once for a context that cannot be; from the stream, `wrong_key` unless the file key has
 * 32 bytes. Errors of `plaintext` pass through.
 */
export function sealBlob(
  plaintext: ByteStream,
  fileKey: SecretBytes,
  context: BlobContext,
  options: { readonly salt?: Uint8Array } = {},
): ByteStream {
  return sealChunks(plaintext, fileKey, encodeBlobContext(context), options.salt ?? randomBytes(SALT_LENGTH));
}

/** Cobblestone-256 encryption with any context; Coffer's own contexts come from {@link encodeBlobContext}. */
export function sealChunks(
  plaintext: ByteStream,
  key: SecretBytes,
  context: Uint8Array,
  salt: Uint8Array,
): ChunkStream {
  return new ChunkStream(() => new ChunkSealing(plaintext, new ChunkCipher(key, salt, context)));
}

class ChunkSealing implements ChunkWork {
  readonly source: ByteStream;
  /** Goes out before the first chunk; empty from then on. */
  #header: readonly Uint8Array[];
  readonly #cipher: ChunkCipher;
  readonly #cutter = new ChunkCutter(CHUNK_LENGTH);
  #index = 0;

  constructor(source: ByteStream, cipher: ChunkCipher) {
    this.source = source;
    this.#cipher = cipher;
    this.#header = [cipher.header];
  }

  *push(piece: Uint8Array): Generator<Uint8Array, void> {
    yield* this.#takeHeader();
    for (const chunk of this.#cutter.push(piece)) {
      const [ciphertext, tag] = this.#cipher.seal(this.#index++, chunk);
      yield ciphertext;
      yield tag;
    }
  }

  end(): readonly Uint8Array[] {
    return [...this.#takeHeader(), ...this.#cipher.seal(this.#index, this.#cutter.rest())];
  }

  discard(): void {
    this.#cipher.discard();
  }

  #takeHeader(): readonly Uint8Array[] {
    const header = this.#header;
    this.#header = [];
    return header;
  }
}
