import { keys } from '@coffer/storage-ports';
import { requireBucket } from '../records/bucket-lookup.ts';
import type { Core } from '../core/core.ts';
import { findVisible } from '../records/find-version.ts';
import { foldedScan, type FoldedRow } from './folded-scan.ts';
import { lookUpRows, shownRows, type FoundRow } from './listing-rows.ts';
import { firstKey } from './listing-start.ts';
import { requireBounds, requireLimit } from './page-limit.ts';
import { textAfterBucket } from '../encryption/record-text.ts';
import type { ListingRow, NamesQuery } from '../services/storage.ts';

type NameRow = FoldedRow<'visibleNames'>;

/** `ListingService.names`. */
export async function listNames(
  core: Core,
  query: NamesQuery,
): Promise<{ readonly rows: readonly ListingRow[]; readonly nextName: string | null }> {
  const limit = requireLimit(query.limit);
  const { bucketId, prefix = '', delimiter, startName, after } = query;
  requireBounds(prefix, startName, after);
  const start = firstKey(query, after);
  await requireBucket(core, bucketId);
  const found: NameRow[] = [];
  const nameOf = ({ key }: { readonly key: Uint8Array }) => textAfterBucket(bucketId, key);
  const scan = { table: 'visibleNames', bucketId, start, prefix, delimiter, limit: limit + 1, nameOf } as const;
  for await (const row of foldedScan(core.metadata, scan)) {
    found.push(row);
    if (found.length > limit) break;
  }
  const next = found[limit];
  const rows = await shownRows(core, await lookUpRows(found.slice(0, limit), (row) => listingRow(core, bucketId, row)));
  return { rows, nextName: next === undefined ? null : next.kind === 'folder' ? next.name : nameOf(next.row) };
}

/** Undefined for a name that is not visible any more. */
async function listingRow(core: Core, bucketId: string, found: NameRow): Promise<FoundRow | undefined> {
  if (found.kind === 'folder') return found;
  const { key, value } = found.row;
  const name = textAfterBucket(bucketId, key);
  const versionKey = keys.fileVersions(bucketId, name, value.uploadTimestamp, value.fileId);
  const stored = await core.metadata.get('fileVersions', versionKey);
  const version = stored?.value ?? (await findVisible(core, bucketId, name));
  return version && { kind: 'version', version };
}
