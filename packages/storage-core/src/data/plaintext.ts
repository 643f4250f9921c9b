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
  /** Bytes of data; undefined if nobody knows before the stream has ended. */
  readonly length: number | undefined;
  /** The most bytes of data that there may be. */
  readonly maximum: number;
  readonly claims: DigestClaims;
  readonly signal: AbortSignal | undefined;
}

/** An upload's body as data. If its length is not allowed, it is refused before it is read. */
export function plaintextOf({ body, sha1, md5, further, signal }: UploadBody): Plaintext {
  const claims = { sha1, ...(md5 !== undefined && { md5 }), ...(further !== undefined && { further }) };
  return { stream: body.stream, ...lengthOf(body, sha1.kind === 'atEnd' ? trailingSha1Length : 0), claims, signal };
}

function lengthOf(body: UploadBody['body'], trailerLength: number): Pick<Plaintext, 'length' | 'maximum'> {
  if (body.length === undefined) {
    // Where the data ends is known only when everything was read.
    if (trailerLength > 0) throw failures.invalid('body', 'A SHA-1 after the data needs a body of known length');
    return { length: undefined, maximum: Math.min(body.maximum, maximumBlobSize) };
  }
  const length = body.length - trailerLength;
  if (length < 0) throw failures.bodyIncomplete();
  if (length > maximumBlobSize) throw failures.bodyTooLarge(maximumBlobSize);
  return { length, maximum: length };
}

/**
 * Exactly the announced data, or no more than is allowed, digested. Fails instead of ending if a digest is not the one
 * that was claimed, so that bad data never seems to end well to the code that stores it. A piece may be digested on
 * another thread while it is stored and the next one is received.
 */
export async function* checkedPlaintext(
  plaintext: Plaintext,
  digest: PlaintextDigest,
): AsyncGenerator<Uint8Array, void> {
  const { stream, length, maximum, signal } = plaintext;
  if (signal?.aborted === true) await stream[Symbol.asyncIterator]().return?.();
  signal?.throwIfAborted();
  const most = maximum + digest.trailerLength;
  let seen = 0;
  try {
    for await (const piece of stream) {
      seen += piece.length;
      if (seen > most) throw tooLong(plaintext);
      signal?.throwIfAborted();
      await digest.settled();
      const data = digest.take(piece, length ?? Infinity);
      if (data.length > 0) yield data;
    }
    if (length !== undefined && seen < most) throw failures.bodyIncomplete();
    await digest.settled();
    digest.finish();
  } catch (error) {
    throw asBodyFailure(error, plaintext);
  }
}

/** The error for more data than was announced, or than is allowed. */
export function tooLong({ length, maximum }: Plaintext): Error {
  return length === undefined
    ? failures.bodyTooLarge(maximum)
    : failures.invalid('body', 'The body is longer than announced');
}

/** What an error of the body's stream means to the uploader; other errors are returned as they are. */
export function asBodyFailure(error: unknown, plaintext: Plaintext): unknown {
  if (!(error instanceof ByteStreamError)) return error;
  return error.code === 'stream_too_short' ? failures.bodyIncomplete() : tooLong(plaintext);
}
