import { ByteStreamError, abortable, exactLength, type ByteStream } from '@coffer/bytes';
import { failures } from './failures.ts';
import { maximumBlobSize } from './options.ts';
import type { DigestClaims, PlaintextDigest } from './plaintext-digest.ts';
import type { UploadBody } from './storage.ts';
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

/** An upload's body as data, refused before it is read if its length can not be. */
export function plaintextOf({ body, sha1, md5, signal }: UploadBody): Plaintext {
  const length = sha1.kind === 'atEnd' ? body.length - trailingSha1Length : body.length;
  if (length < 0) throw failures.bodyIncomplete();
  if (length > maximumBlobSize) throw failures.bodyTooLarge(maximumBlobSize);
  return { stream: body.stream, length, claims: md5 === undefined ? { sha1 } : { sha1, md5 }, signal };
}

/** Exactly the announced data, digested. */
export async function* checkedPlaintext(
  { stream, length, signal }: Plaintext,
  digest: PlaintextDigest,
): AsyncGenerator<Uint8Array, void> {
  const exact = exactLength(stream, length + digest.trailerLength);
  try {
    yield* digest.through(signal === undefined ? exact : abortable(exact, signal), length);
  } catch (error) {
    throw error instanceof ByteStreamError ? asBodyFailure(error) : error;
  }
}

function asBodyFailure(error: ByteStreamError): Error {
  if (error.code === 'stream_too_short') return failures.bodyIncomplete();
  return failures.invalid('body', 'The body is longer than announced');
}
