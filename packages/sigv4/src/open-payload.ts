import { stage, type ByteStream } from '@coffer/bytes';
import { hashing } from '#hashing';
import { parseChunkedHeaders } from './chunked/chunked-headers.ts';
import { decodeAwsChunked } from './chunked/decode-aws-chunked.ts';
import type { HeaderPair } from './request/header-lines.ts';
import { SigV4Error } from './request/sigv4-error.ts';
import type { SignedRequest } from './verified-request.ts';

/** The data of a request's body. */
export interface OpenedPayload {
  /** Read once. It ends only if all of it was what the request's head said; before that, nothing may be committed. */
  readonly stream: ByteStream;
  /** Bytes of the data, if the head says so beside `Content-Length`: that of an aws-chunked body. */
  readonly length: number | undefined;
  /** The trailers of an aws-chunked body, when the stream has ended; before that, and without any, empty. */
  trailers(): readonly HeaderPair[];
}

/**
 * The data in the body of a verified request: compared with its SHA-256, or taken out of its chunks, or as it is.
 *
 * @throws SigV4Error for headers of an aws-chunked body that are wrong; from the stream, `XAmzContentSHA256Mismatch`
 * and what `decodeAwsChunked` throws.
 *
 * @example
 * ```ts
 * const payload = { kind: 'sha256', sha256: sha256Hex('hello') };
 * const { stream } = openPayload({ headers: [], payload }, streamOf(new TextEncoder().encode('hallo')));
 * await assert.rejects(collect(stream, 5), { code: 'XAmzContentSHA256Mismatch' });
 * ```
 */
export function openPayload(
  { headers, payload }: Pick<SignedRequest, 'headers' | 'payload'>,
  body: ByteStream,
): OpenedPayload {
  const trailers = () => [];
  if (payload.kind === 'unsigned') return { stream: body, length: undefined, trailers };
  if (payload.kind === 'sha256') return { stream: withSha256(body, payload.sha256), length: undefined, trailers };
  const { signatures } = payload;
  try {
    const announced = parseChunkedHeaders(headers, payload);
    const decoded = decodeAwsChunked(body, { ...announced, signatures });
    return { stream: decoded, length: announced.decodedLength, trailers: () => decoded.trailers ?? [] };
  } catch (error) {
    signatures?.wipe();
    throw error;
  }
}

/**
 * Passes data through and compares its SHA-256, in lower-case hexadecimal, at the end.
 *
 * @throws SigV4Error `XAmzContentSHA256Mismatch` instead of the end.
 */
function withSha256(body: ByteStream, expected: string): ByteStream {
  return stage(body, async function* (source) {
    const hash = hashing.startSha256();
    for await (const piece of source) {
      hash.update(piece);
      yield piece;
    }
    const computed = hash.hex();
    if (computed !== expected) throw sha256Mismatch(expected, computed);
  });
}

function sha256Mismatch(expected: string, computed: string): SigV4Error {
  return new SigV4Error(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: computed },
  );
}
