import { ByteStreamError, type ByteStream } from '@coffer/bytes';
import { failures } from '../core/failures.ts';
import { maximumBlobSize } from '../core/options.ts';
import type { DigestClaims, PlaintextDigest } from './plaintext-digest.ts';
import type { UploadBody } from '../services/storage.ts';
import { trailingSha1Length } from './trailing-sha1.ts';

/** Data to be stored as one blob. */
export interface Plaintext {
  /** The data, followed by the SHA-1's digits if the claim says so. */
  readonly stream: ByteStream;
  /** Bytes of data. */
  readonly length: number;
  readonly claims: DigestClaims;
  readonly signal: AbortSignal | undefined;
}

/** An upload's body as data. If its length is not allowed, it is refused before it is read. */
export function plaintextOf({ body, sha1, md5, further, signal }: UploadBody): Plaintext {
  const length = sha1.kind === 'atEnd' ? body.length - trailingSha1Length : body.length;
  if (length < 0) throw failures.bodyIncomplete();
  if (length > maximumBlobSize) throw failures.bodyTooLarge(maximumBlobSize);
  const claims = { sha1, ...(md5 !== undefined && { md5 }), ...(further !== undefined && { further }) };
  return { stream: body.stream, length, claims, signal };
}

/**
 * Exactly the announced data, digested. Fails instead of ending if a digest is not the one that was claimed, so that
 * bad data never seems to end well to the code that stores it.
 */
export async function* checkedPlaintext(
  plaintext: Plaintext,
  digest: PlaintextDigest,
): AsyncGenerator<Uint8Array, void> {
  const { stream, length, signal } = plaintext;
  if (signal?.aborted === true) await stream[Symbol.asyncIterator]().return?.();
  signal?.throwIfAborted();
  const announced = length + digest.trailerLength;
  let seen = 0;
  try {
    for await (const piece of stream) {
      seen += piece.length;
      if (seen > announced) throw bodyTooLong();
      signal?.throwIfAborted();
      const data = digest.take(piece, length);
      if (data.length > 0) yield data;
    }
    if (seen < announced) throw failures.bodyIncomplete();
    digest.finish();
  } catch (error) {
    throw error instanceof ByteStreamError ? asBodyFailure(error) : error;
  }
}

function bodyTooLong(): Error {
  return failures.invalid('body', 'The body is longer than announced');
}

function asBodyFailure(error: ByteStreamError): Error {
  if (error.code === 'stream_too_short') return failures.bodyIncomplete();
  return bodyTooLong();
}
