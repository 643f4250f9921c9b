import { afterPrefix, recordKey, textPrefixKey } from '@coffer/storage-ports';
import { failures } from '../core/failures.ts';
import { folderOf } from './folded-scan.ts';

/** Where a listing begins, and what it folds. */
interface Beginning {
  readonly bucketId: string;
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly startName?: string;
}

/**
 * The first key that a page may show, in a table whose keys begin with bucket and name: at `startName`, or behind
 * everything of the name `after` and the folder that it is in.
 *
 * @throws StorageError `invalid` if both are given.
 */
export function firstKey({ startName, ...query }: Beginning, after: string | undefined): Uint8Array {
  const { bucketId } = query;
  if (after === undefined) return startName === undefined ? recordKey(bucketId) : recordKey(bucketId, startName);
  if (startName !== undefined) throw failures.invalid('after', 'A page begins at a name or behind one, not both');
  return keyBehindFolder(query, after) ?? behind(recordKey(bucketId, after));
}

/** The first key behind the folder that the listing would fold the name into; undefined if it would not. */
export function keyBehindFolder(
  { bucketId, prefix = '', delimiter = '' }: Beginning,
  name: string,
): Uint8Array | undefined {
  if (delimiter === '' || !name.startsWith(prefix)) return undefined;
  const folder = folderOf(name, prefix, delimiter);
  return folder === undefined ? undefined : behind(textPrefixKey([bucketId], folder));
}

/** A key that begins with text can always be passed: no byte of UTF-8 is 0xff. */
function behind(key: Uint8Array): Uint8Array {
  return afterPrefix(key) ?? key;
}
