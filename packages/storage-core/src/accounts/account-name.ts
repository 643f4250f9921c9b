import { failures } from '../core/failures.ts';

const longest = 100;
/** Control characters, line breaks, and characters that are invisible or not assigned. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * The name as it is stored: in Unicode's normalization form C, so that names that look the same are the same.
 *
 * @throws StorageError `invalid` unless it has 1 to 100 printable characters and no space at an end.
 */
export function requireAccountName(name: string): string {
  const normal = name.normalize('NFC');
  const length = Array.from(normal).length;
  if (length === 0 || length > longest || unprintable.test(normal) || normal.trim() !== normal)
    throw failures.invalid('name', `The name of an account has 1 to ${longest} printable characters`);
  return normal;
}
