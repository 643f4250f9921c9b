import { recordKey } from '@coffer/storage-ports';
import { failures } from '../core/failures.ts';

/** Most rows of one answer. */
const maximumPage = 10_000;

/** Refuses an impossible page size. */
export function requireLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > maximumPage)
    throw failures.invalid('limit', `The number of rows is 1 to ${maximumPage}`);
  return limit;
}

/** The most bytes that a name takes in a key. (A zero character would take three bytes there, but no name has one.) */
const longestNameKey = recordKey('a'.repeat(1_024)).length;

/** Refuses a prefix or start of a listing that no file name could begin with or be. */
export function requireBounds(...texts: readonly (string | undefined)[]): void {
  for (const text of texts)
    if (text !== undefined && recordKey(text).length > longestNameKey)
      throw failures.invalid('prefix', 'A prefix or start name is at most 1024 bytes of UTF-8');
}
