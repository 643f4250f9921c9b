import { maxKeyBytes } from './limits.ts';
import { decodePercent } from './percent-encoding.ts';
import { invalidArgument, S3Error } from './s3-error.ts';
import { isWellFormed, utf8Length } from './text.ts';

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\x00-\x1f\x7f]/;

/**
 * A key that an object may have: 1 to 1024 bytes of UTF-8 without control characters, which the B2 Native API could not
 * name. Slashes at the ends, doubled ones and segments of dots are ordinary characters: a key is no path.
 *
 * @throws S3Error `KeyTooLongError`, or `InvalidArgument` for an empty key or a control character.
 */
export function checkObjectKey(key: string): string {
  const size = utf8Length(key);
  if (size > maxKeyBytes) {
    throw new S3Error('KeyTooLongError', { details: { Size: size, MaxSizeAllowed: maxKeyBytes } });
  }
  if (key === '' || control.test(key) || !isWellFormed(key)) {
    throw invalidArgument('key', 'The key must not be empty, nor hold control characters');
  }
  return key;
}

/**
 * The key in the raw path of a request, decoded once.
 *
 * @throws S3Error `InvalidURI` for what is not percent-encoded UTF-8, and as {@link checkObjectKey}.
 */
export function parseObjectKey(raw: string): string {
  const key = decodePercent(raw);
  if (key === undefined) throw new S3Error('InvalidURI', { details: { URI: raw } });
  return checkObjectKey(key);
}
