import type { ByteStream, SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import { HEADER_LENGTH, SEALED_CHUNK_LENGTH } from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import { ChunkCutter } from './chunk-cutter.ts';
import { ChunkStream, type ChunkWork } from './chunk-stream.ts';
import { HeaderReader } from './header-reader.ts';

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
  const cipherFor = (header: Uint8Array) => ChunkCipher.forHeader(header, key, context, commitment);
  return new ChunkStream(() => new ChunkOpening(ciphertext, cipherFor));
}

class ChunkOpening implements ChunkWork {
  readonly source: ByteStream;
  readonly #header = new HeaderReader(HEADER_LENGTH);
  readonly #cutter = new ChunkCutter(SEALED_CHUNK_LENGTH);
  readonly #cipherFor: (header: Uint8Array) => ChunkCipher;
  #cipher: ChunkCipher | undefined;
  #index = 0;

  constructor(source: ByteStream, cipherFor: (header: Uint8Array) => ChunkCipher) {
    this.source = source;
    this.#cipherFor = cipherFor;
  }

  *push(piece: Uint8Array): Generator<Uint8Array, void> {
    const body = this.#header.push(piece);
    if (!this.#header.complete) return;
    this.#cipher ??= this.#cipherFor(this.#header.bytes);
    for (const chunk of this.#cutter.push(body)) yield this.#cipher.open(this.#index++, chunk);
  }

  end(): readonly Uint8Array[] {
    this.#cipher ??= this.#cipherFor(this.#header.bytes);
    // The last chunk is always short, so a blob that ends with a full one, leaving nothing here, was cut off.
    const last = this.#cipher.open(this.#index, this.#cutter.rest());
    return last.length > 0 ? [last] : [];
  }

  discard(): void {
    this.#cipher?.discard();
  }
}
