import { failures } from '../core/failures.ts';

const maximumBytes = 1_024;
const encoder = new TextEncoder();

/** Refuses what cannot be a file name (B2 docs, "Files": 1 to 1024 bytes of UTF-8, no control characters). */
export function requireFileName(name: string): string {
  const length = encoder.encode(name).length;
  if (length === 0) throw failures.invalid('fileName', 'File names must contain at least one character');
  if (length > maximumBytes) throw failures.invalid('fileName', 'File names in UTF8 must be no more than 1024 bytes');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name))
    throw failures.invalid('fileName', 'File names must not contain control characters');
  if (/\p{Surrogate}/u.test(name)) throw failures.invalid('fileName', 'File names must be Unicode text');
  return name;
}

/**
 * Refuses what no file name begins with, so that a prefix in a setting can be looked for like a name.
 *
 * @throws StorageError `invalid` with the field.
 */
export function requireNamePrefix(field: string, prefix: string): void {
  if (prefix !== '' && !isPossibleName(prefix))
    throw failures.invalid(field, `${field}: a prefix of file names has at most ${maximumBytes} bytes of UTF-8`);
}

/** Whether a version can have this name at all; no other would fit into a key. */
export function isPossibleName(name: string): boolean {
  return name.length > 0 && encoder.encode(name).length <= maximumBytes && !name.includes('\u0000');
}
