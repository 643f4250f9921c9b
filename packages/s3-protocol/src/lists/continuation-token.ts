import { decodeBase64, encodeBase64 } from '@coffer/bytes';
import { invalidArgument } from '@coffer/s3-schema';

/** Says how the rest of a token is to be read, for tokens of later versions. */
const format = '1';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A token for the page that begins behind a name. Clients treat it as opaque. */
export function printToken(after: string): string {
  return encodeBase64(encoder.encode(format + after));
}

/**
 * The name that a page begins behind.
 *
 * @throws S3Error `InvalidArgument` for anything that no answer of this server had in it.
 */
export function parseToken(token: string): string {
  const bytes = decodeBase64(token);
  try {
    const text = bytes === undefined ? '' : decoder.decode(bytes);
    if (text.length > format.length && text.startsWith(format)) return text.slice(format.length);
  } catch {
    // Not UTF-8: no answer had it.
  }
  throw invalidArgument('continuation-token', 'The continuation token provided is incorrect', token);
}
