import { randomBytes } from 'node:crypto';
import type { ByteStream, SecretBytes } from '@coffer/bytes';
import { encodeBlobContext, type BlobContext } from './blob-context.ts';
import { CHUNK_LENGTH, SALT_LENGTH } from './blob-layout.ts';
import { ChunkCipher } from './chunk-cipher.ts';
import { ChunkCutter } from './chunk-cutter.ts';
import { PieceGatherer } from './piece-gatherer.ts';

/**
 * Seals one contiguous plaintext into a blob (`docs/format.md`, "Blobs"), in pieces of about 64 KiB. Holds one chunk and one
 * piece, whatever the length.
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
export async function* sealChunks(
  plaintext: ByteStream,
  key: SecretBytes,
  context: Uint8Array,
  salt: Uint8Array,
): AsyncGenerator<Uint8Array, void> {
  const cipher = new ChunkCipher(key, salt, context);
  try {
    const cutter = new ChunkCutter(CHUNK_LENGTH);
    const gatherer = new PieceGatherer();
    gatherer.add(cipher.header);
    let index = 0;
    for await (const piece of plaintext) {
      for (const chunk of cutter.push(piece)) {
        gatherer.add(...cipher.seal(index++, chunk));
        if (gatherer.full) yield gatherer.take();
      }
    }
    gatherer.add(...cipher.seal(index, cutter.rest()));
    yield gatherer.take();
  } finally {
    cipher.discard();
  }
}
