import { maxListCount, maxPartNumber } from './limits.ts';
import { invalidArgument } from './s3-error.ts';

const decimal = /^\d{1,15}$/;
// Values of 32 bits are all that AWS calls an integer.
const maxInteger = 2_147_483_647;

/** A number in decimal, without sign; undefined if the text is none. */
export function parseDecimal(text: string): number | undefined {
  return decimal.test(text) ? Number(text) : undefined;
}

/**
 * The number of a part.
 *
 * @throws S3Error `InvalidArgument`
 */
export function parsePartNumber(text: string): number {
  const number = parseDecimal(text) ?? 0;
  if (number >= 1 && number <= maxPartNumber) return number;
  throw invalidArgument('partNumber', 'Part number must be an integer between 1 and 10000, inclusive', text);
}

/**
 * How many entries a page may have, such as `max-keys`: more than the limit is the limit.
 *
 * @throws S3Error `InvalidArgument`
 */
export function parseListCount(name: string, text: string, limit = maxListCount): number {
  const number = parseDecimal(text);
  if (number !== undefined && number <= maxInteger) return Math.min(number, limit);
  throw invalidArgument(name, `Provided ${name} not an integer or within integer range`, text);
}

/**
 * A marker that is a number, such as `part-number-marker`.
 *
 * @throws S3Error `InvalidArgument`
 */
export function parseMarkerNumber(name: string, text: string): number {
  const number = parseDecimal(text);
  if (number !== undefined && number <= maxInteger) return number;
  throw invalidArgument(name, `Provided ${name} not an integer or within integer range`, text);
}
