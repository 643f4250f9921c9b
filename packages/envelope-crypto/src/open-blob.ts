import type { ByteStream, SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import { HEADER_LENGTH, SEALED_CHUNK_LENGTH } from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import { ChunkCutter } from './chunk-cutter.ts';
import { HeaderReader } from './header-reader.ts';
import { PieceGatherer } from './piece-gatherer.ts';

/**
 * Opens a whole blob, however its bytes are cut into pieces, and hands its plaintext on in pieces of about 64 KiB.
 *
 * No byte is released before its chunk was authenticated. A prefix of authentic chunks may be released before damage or
 * truncation behind it is found: only a stream that ended without an error was the whole plaintext. After an error the
 * stream has ended. `fileKey` must stay unwiped until the first piece arrived; it stays the caller's.
 *
 * @throws EnvelopeError `malformed` at once for a context that cannot be; from the stream, `not_authentic` for a blob that is
 * damaged, cut short, extended or from another file or part, and `wrong_key` unless the file key has 32 bytes. Errors of
 * `ciphertext` pass through.
 */
export function openBlob(ciphertext: ByteStream, fileKey: SecretBytes, context: BlobContext): ByteStream {
  return openChunks(ciphertext, fileKey, encodeBlobContext(context));
}

/** Cobblestone-256 decryption with any context; Coffer's own contexts come from {@link encodeBlobContext}. */
export async function* openChunks(
  ciphertext: ByteStream,
  key: SecretBytes,
  context: Uint8Array,
): AsyncGenerator<Uint8Array, void> {
  const header = new HeaderReader(HEADER_LENGTH);
  const cutter = new ChunkCutter(SEALED_CHUNK_LENGTH);
  const gatherer = new PieceGatherer();
  let cipher: ChunkCipher | undefined;
  let index = 0;
  try {
    for await (const piece of ciphertext) {
      const body = header.push(piece);
      if (!header.complete) continue;
      cipher ??= ChunkCipher.forHeader(header.bytes, key, context);
      for (const chunk of cutter.push(body)) {
        gatherer.add(cipher.open(index++, chunk));
        if (gatherer.full) yield gatherer.take();
      }
    }
    cipher ??= ChunkCipher.forHeader(header.bytes, key, context);
    // The last chunk is always short, so a blob that ends with a full one, leaving nothing here, was cut off.
    gatherer.add(cipher.open(index, cutter.rest()));
    if (!gatherer.empty) yield gatherer.take();
  } finally {
    cipher?.discard();
  }
}
