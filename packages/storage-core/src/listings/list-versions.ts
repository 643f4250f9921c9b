import { keys, recordKey, type Row, type FileVersionRecord } from '@coffer/storage-ports';
import { requireBucket } from '../records/bucket-lookup.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { findVersion, readerOf } from '../records/find-version.ts';
import { foldedScan, type FoldedRow } from './folded-scan.ts';
import { creationTimeOf, isPossibleId } from '../core/identifiers.ts';
import { shownRows, type FoundRow } from './listing-rows.ts';
import { requireBounds, requireLimit } from './page-limit.ts';
import type { ListingRow, VersionsQuery } from '../services/storage.ts';
import { versionKey } from '../records/version-commit.ts';

/** `ListingService.versions`. */
export async function listVersions(
  core: Core,
  query: VersionsQuery,
): Promise<{
  readonly rows: readonly ListingRow[];
  readonly nextName: string | null;
  readonly nextFileId: string | null;
}> {
  const limit = requireLimit(query.limit);
  const { bucketId, prefix = '', delimiter } = query;
  requireBounds(prefix, query.startName);
  await requireBucket(core, bucketId);
  const found: FoundRow[] = [];
  const nameOf = (row: Row<FileVersionRecord>) => row.value.name;
  const start = await startKey(core, query);
  const scan = { table: 'fileVersions', bucketId, start, prefix, delimiter, limit: limit + 1, nameOf } as const;
  for await (const row of foldedScan(core.metadata, scan)) {
    found.push(listingRow(row));
    if (found.length > limit) break;
  }
  return { rows: await shownRows(core, found.slice(0, limit)), ...cursorOf(found[limit]) };
}

function listingRow(found: FoldedRow<'fileVersions'>): FoundRow {
  return found.kind === 'folder' ? found : { kind: 'version', version: found.row.value };
}

function cursorOf(next: FoundRow | undefined): { nextName: string | null; nextFileId: string | null } {
  if (next === undefined) return { nextName: null, nextFileId: null };
  if (next.kind === 'folder') return { nextName: next.name, nextFileId: null };
  return { nextName: next.version.name, nextFileId: next.version.fileId };
}

/**
 * Where the listing begins. A version that was deleted since is looked for where its id says that it was made, so that
 * a caller who goes on from it gets what came after it.
 */
async function startKey(core: Core, { bucketId, startName, startFileId }: VersionsQuery): Promise<Uint8Array> {
  if (startFileId !== undefined && startName === undefined)
    throw failures.invalid('startFileId', 'startFileId needs startFileName');
  if (startName === undefined) return recordKey(bucketId);
  if (startFileId === undefined || !isPossibleId(startFileId)) return recordKey(bucketId, startName);
  const version = await findVersion(readerOf(core.metadata), startFileId);
  if (version?.bucketId === bucketId && version.name === startName) return versionKey(version);
  const madeAt = creationTimeOf(startFileId);
  if (madeAt === undefined) return recordKey(bucketId, startName);
  return keys.fileVersions(bucketId, startName, madeAt, startFileId);
}
