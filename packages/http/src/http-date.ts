/**
 * An instant as IMF-fixdate (RFC 9110 section 5.6.7), fractions of a second dropped.
 *
 * @param ms Milliseconds since the epoch.
 * @throws RangeError outside of the years 0 to 9999, which the form cannot express.
 */
export function formatHttpDate(ms: number): string {
  const date = new Date(Math.floor(ms / 1000) * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError('The instant cannot be expressed as an HTTP date');
  return date.toUTCString();
}
