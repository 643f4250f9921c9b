import type { Grant } from '@coffer/storage-core';

/** What of a grant says where it holds. */
export type Restriction = Pick<Grant, 'bucketIds' | 'namePrefix'>;

export function coversBucket({ bucketIds }: Restriction, bucketId: string): boolean {
  return bucketIds === null || bucketIds.has(bucketId);
}

/** Whether a file name, or a prefix of names, lies within the key's prefix. */
export function coversName({ namePrefix }: Restriction, name: string): boolean {
  return namePrefix === null || name.startsWith(namePrefix);
}

/**
 * The prefix a listing may show when `prefix` was asked for and names outside the key's prefix are left out; undefined
 * if nothing is left.
 */
export function visiblePrefix({ namePrefix }: Restriction, prefix: string): string | undefined {
  if (namePrefix === null || prefix.startsWith(namePrefix)) return prefix;
  return namePrefix.startsWith(prefix) ? namePrefix : undefined;
}
