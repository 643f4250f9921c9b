/** How a caller gives the SHA-1 of a file or part; `sha1` is lower-case hex. */
export type ContentSha1 =
  /** To be verified. */
  | { readonly kind: 'hex'; readonly sha1: string }
  /** To be verified; it comes as 40 hex digits behind the data. */
  | { readonly kind: 'atEnd' }
  /** Not to be verified; the server computes a SHA-1 and stores it as unverified. */
  | { readonly kind: 'doNotVerify' }
  /** Given and stored, and not to be verified. */
  | { readonly kind: 'unverified'; readonly sha1: string };

/** Number of hex digits behind the data of an upload with `hex_digits_at_end`. */
export const trailingSha1Length = 40;

const hexSha1 = /^[0-9a-f]{40}$/i;
const unverifiedPrefix = 'unverified:';

/** Parses `X-Bz-Content-Sha1` of an upload (B2 docs `b2_upload_file`), or gives undefined. */
export function parseContentSha1(text: string): ContentSha1 | undefined {
  if (hexSha1.test(text)) return { kind: 'hex', sha1: text.toLowerCase() };
  if (text === 'hex_digits_at_end') return { kind: 'atEnd' };
  if (text === 'do_not_verify') return { kind: 'doNotVerify' };
  const sha1 = text.startsWith(unverifiedPrefix) ? text.slice(unverifiedPrefix.length) : '';
  return hexSha1.test(sha1) ? { kind: 'unverified', sha1: sha1.toLowerCase() } : undefined;
}

/** The value of the `X-Bz-Content-Sha1` header; the inverse of parsing it. */
export function printContentSha1(value: ContentSha1): string {
  switch (value.kind) {
    case 'hex':
      return value.sha1;
    case 'atEnd':
      return 'hex_digits_at_end';
    case 'doNotVerify':
      return 'do_not_verify';
    case 'unverified':
      return `${unverifiedPrefix}${value.sha1}`;
  }
}

/** `contentSha1` of a stored file or part in a response: `unverified:` is kept in front of a hash nobody checked. */
export function printStoredSha1(sha1: string, verified: boolean): string {
  return verified ? sha1 : `${unverifiedPrefix}${sha1}`;
}

/**
 * Length of the data of an upload whose body has `contentLength` bytes; undefined if the body is too short for its
 * SHA-1.
 */
export function dataLength(contentSha1: ContentSha1, contentLength: number): number | undefined {
  if (contentSha1.kind !== 'atEnd') return contentLength;
  return contentLength >= trailingSha1Length ? contentLength - trailingSha1Length : undefined;
}
