import { afterKey, compareKeys, keys, prefixRange, recordKey, type MetadataStore } from '@coffer/storage-ports';
import { requireBucket } from '../records/bucket-lookup.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { creationTimeOf, isPossibleId } from '../core/identifiers.ts';
import { rowsOf } from '../core/table-pages.ts';
import { textAfterBucket } from '../encryption/record-text.ts';
import { findVersion, readerOf } from '../records/find-version.ts';
import type { ListingRow, UnfinishedQuery } from '../services/storage.ts';
import { FirstRows, type KeyedRow } from './first-rows.ts';
import { folderOf } from './folded-scan.ts';
import { lookUpRows, shownRows, type FoundRow } from './listing-rows.ts';
import { firstKey, keyBehindFolder } from './listing-start.ts';
import { requireBounds, requireLimit } from './page-limit.ts';

/** A row of the page before its version is looked up. */
type UnfinishedRow =
  { readonly kind: 'file'; readonly fileId: string } | { readonly kind: 'folder'; readonly name: string };

/** `ListingService.unfinished`. */
export async function listUnfinishedByName(
  core: Core,
  query: UnfinishedQuery,
): Promise<{ readonly rows: readonly ListingRow[]; readonly isTruncated: boolean }> {
  const limit = requireLimit(query.limit);
  requireBounds(query.prefix, query.after?.name);
  await requireBucket(core, query.bucketId);
  for (let start = await startKey(core, query); ;) {
    const found = await firstUnfinished(core.metadata, query, start);
    const wanted = found.slice(0, limit);
    const rows = await shownRows(core, await lookUpRows(wanted, ({ row }) => foundRow(core, row)));
    const isTruncated = found.length > limit;
    const last = wanted.at(-1);
    if (rows.length > 0 || !isTruncated || last === undefined) return { rows, isTruncated };
    // All of them were finished or cancelled meanwhile, and the caller needs a row to go on from.
    start = afterKey(last.key);
  }
}

/** The rows of the page, and one more if there is one. */
async function firstUnfinished(
  metadata: MetadataStore,
  { bucketId, prefix = '', delimiter = '', limit }: UnfinishedQuery,
  start: Uint8Array,
): Promise<readonly KeyedRow<UnfinishedRow>[]> {
  const first = new FirstRows<UnfinishedRow>(limit + 1);
  for await (const { key, value } of rowsOf(metadata, 'unfinishedFiles', prefixRange(recordKey(bucketId)))) {
    const { name } = value;
    if (!name.startsWith(prefix)) continue;
    const folder = delimiter === '' ? undefined : folderOf(name, prefix, delimiter);
    const fileId = textAfterBucket(bucketId, key);
    // Ids sort by the time they were made, which is that of the start.
    const place = folder === undefined ? recordKey(bucketId, name, fileId) : recordKey(bucketId, folder);
    if (compareKeys(place, start) < 0) continue;
    first.add(place, folder === undefined ? { kind: 'file', fileId } : { kind: 'folder', name: folder });
  }
  return first.rows;
}

/** Undefined for a large file that is not unfinished any more. */
async function foundRow(core: Core, row: UnfinishedRow): Promise<FoundRow | undefined> {
  if (row.kind === 'folder') return row;
  const version = await findVersion(readerOf(core.metadata), row.fileId);
  return version?.action === 'start' ? { kind: 'version', version } : undefined;
}

async function startKey(core: Core, query: UnfinishedQuery): Promise<Uint8Array> {
  const { bucketId, after } = query;
  if (after?.fileId === undefined) return firstKey(query, after?.name);
  await requireIdOf(core, bucketId, after.name, after.fileId);
  return keyBehindFolder(query, after.name) ?? afterKey(recordKey(bucketId, after.name, after.fileId));
}

/** An id that is gone may have been the name's: its place is known all the same. */
async function requireIdOf(core: Core, bucketId: string, name: string, fileId: string): Promise<void> {
  const place = isPossibleId(fileId) ? await core.metadata.get('fileIds', keys.fileIds(fileId)) : undefined;
  const isOwn =
    place === undefined
      ? creationTimeOf(fileId) !== undefined
      : place.value.bucketId === bucketId && place.value.name === name;
  if (!isOwn) throw failures.invalid('fileId', 'No large file of this name has this id');
}
