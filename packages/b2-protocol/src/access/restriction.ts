import type { Grant } from '@coffer/storage-core';

/** The members of a grant that say where it is valid. */
export type Restriction = Pick<Grant, 'bucketIds' | 'namePrefix'>;

export function coversBucket({ bucketIds }: Restriction, bucketId: string): boolean {
  return bucketIds === null || bucketIds.has(bucketId);
}

/** Whether a file name, or a prefix of names, lies within the key's prefix. */
export function coversName({ namePrefix }: Restriction, name: string): boolean {
  return namePrefix === null || name.startsWith(namePrefix);
}

/**
 * The prefix of the names that a listing shows when the caller asked for `prefix` and names outside the key's prefix
 * are left out; undefined if no name is left.
 */
export function visiblePrefix({ namePrefix }: Restriction, prefix: string): string | undefined {
  if (namePrefix === null || prefix.startsWith(namePrefix)) return prefix;
  return namePrefix.startsWith(prefix) ? namePrefix : undefined;
}
