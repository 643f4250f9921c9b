/**
 * The bare entity tag in what a client sends (RFC 9110 section 8.8.3): quotes and the mark of a weak tag are left out,
 * whether they are there or not. What is no tag of this server is not refused: it equals none.
 */
export function parseEtag(text: string): string {
  const strong = text.trim().replace(/^W\//, '');
  return /^"[^"]*"$/.test(strong) ? strong.slice(1, -1) : strong;
}

/** The tag in quotes, as in the header `ETag` and in XML. */
export function printEtag(etag: string): string {
  return `"${etag}"`;
}
