import { HeaderLines, trimmed, type HeaderPair } from '../request/header-lines.ts';
import { SigV4Error } from '../request/sigv4-error.ts';
import { malformedTrailer, requireChecksumName } from './trailer-names.ts';

/** What the headers of a request say of its aws-chunked body. */
export interface ChunkedHeaders {
  /** Bytes of the data itself, without framing. */
  readonly decodedLength: number;
  /** The names of the trailers that were announced, in lower case; empty in a mode without trailers. */
  readonly trailers: readonly string[];
}

/**
 * Reads `x-amz-decoded-content-length` and, in a mode with trailers, `x-amz-trailer`.
 *
 * @throws SigV4Error `MissingContentLength` without a length, `MalformedTrailerError` if the trailer's name is missing
 * or there twice, `InvalidRequest` for a trailer that is no checksum.
 */
export function parseChunkedHeaders(
  headers: Iterable<HeaderPair>,
  mode: { readonly trailer: boolean },
): ChunkedHeaders {
  const lines = new HeaderLines(headers);
  return {
    decodedLength: decodedLengthOf(lines.all('x-amz-decoded-content-length')),
    trailers: mode.trailer ? trailerNames(lines.all('x-amz-trailer')) : [],
  };
}

function decodedLengthOf([value = '', ...others]: readonly string[]): number {
  const length = /^\d{1,16}$/.test(value) && others.length === 0 ? Number(value) : undefined;
  if (length !== undefined && Number.isSafeInteger(length)) return length;
  throw new SigV4Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
}

function trailerNames(values: readonly string[]): readonly string[] {
  const names = values
    .flatMap((value) => value.split(','))
    .map((name) => trimmed(name).toLowerCase())
    .filter((name) => name !== '');
  if (names.length === 0 || new Set(names).size < names.length) throw malformedTrailer();
  for (const name of names) requireChecksumName(name);
  return names;
}

/**
 * A `Content-Encoding` without `aws-chunked`, which says how the request was sent and not what is stored; undefined if
 * nothing is left.
 *
 * @example
 * ```ts
 * assert.equal(withoutAwsChunked('aws-chunked,gzip'), 'gzip');
 * assert.equal(withoutAwsChunked('aws-chunked'), undefined);
 * ```
 */
export function withoutAwsChunked(contentEncoding: string): string | undefined {
  const codings = contentEncoding.split(',').map(trimmed);
  const others = codings.filter((coding) => coding !== '' && coding.toLowerCase() !== 'aws-chunked');
  if (others.length === codings.length) return contentEncoding;
  return others.length === 0 ? undefined : others.join(', ');
}
