import type { Grant } from '@coffer/storage-core';

/**
 * The prefix of the names that a listing shows when the caller asked for `prefix` and names outside the key's prefix
 * are left out; undefined if no name is left.
 */
export function visiblePrefix({ namePrefix }: Pick<Grant, 'namePrefix'>, prefix: string): string | undefined {
  if (namePrefix === null || prefix.startsWith(namePrefix)) return prefix;
  return namePrefix.startsWith(prefix) ? namePrefix : undefined;
}
