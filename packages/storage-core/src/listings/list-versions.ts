import { afterKey, keys, recordKey, type FileVersionRecord, type Row } from '@coffer/storage-ports';
import { requireBucket } from '../records/bucket-lookup.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { findVersion, readerOf } from '../records/find-version.ts';
import { foldedScan } from './folded-scan.ts';
import { creationTimeOf, isPossibleId } from '../core/identifiers.ts';
import { latestMark } from './latest-mark.ts';
import { shownRows, type FoundRow } from './listing-rows.ts';
import { firstKey, keyBehindFolder } from './listing-start.ts';
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
  requireBounds(query.prefix, query.startName, query.after?.name);
  await requireBucket(core, query.bucketId);
  const start = await startKey(core, query);
  const found: FoundRow[] = [];
  for await (const row of foundRows(core, query, start)) {
    found.push(row);
    if (found.length > limit) break;
  }
  return { rows: await shownRows(core, found.slice(0, limit)), ...cursorOf(found[limit]) };
}

async function* foundRows(core: Core, query: VersionsQuery, start: Uint8Array): AsyncGenerator<FoundRow, void> {
  const { bucketId, prefix = '', delimiter, limit, without, marksLatest = false } = query;
  const nameOf = (row: Row<FileVersionRecord>) => row.value.name;
  const isWanted = without === undefined ? undefined : ({ value }: Row<FileVersionRecord>) => value.action !== 'start';
  const scan = {
    table: 'fileVersions',
    bucketId,
    start,
    prefix,
    delimiter,
    limit: limit + 1,
    nameOf,
    isWanted,
  } as const;
  const isLatest = marksLatest ? await latestMark(core, bucketId, nameBegunIn(query)) : undefined;
  for await (const found of foldedScan(core.metadata, scan)) {
    if (found.kind === 'folder') yield found;
    else {
      const version = found.row.value;
      yield { kind: 'version', version, ...(isLatest && { isLatest: isLatest(version) }) };
    }
  }
}

function cursorOf(next: FoundRow | undefined): { nextName: string | null; nextFileId: string | null } {
  if (next === undefined) return { nextName: null, nextFileId: null };
  if (next.kind === 'folder') return { nextName: next.name, nextFileId: null };
  return { nextName: next.version.name, nextFileId: next.version.fileId };
}

/** The name whose versions the page may begin in the middle of. */
function nameBegunIn({ startName, startFileId, after }: VersionsQuery): string | undefined {
  if (startFileId !== undefined) return startName;
  return after?.fileId === undefined ? undefined : after.name;
}

/** Where the listing begins. */
async function startKey(core: Core, query: VersionsQuery): Promise<Uint8Array> {
  const { bucketId, startName, startFileId, after } = query;
  if (startFileId !== undefined && startName === undefined)
    throw failures.invalid('startFileId', 'startFileId needs startFileName');
  const begin = firstKey(query, after?.name);
  if (startName !== undefined && startFileId !== undefined)
    return (await placeOf(core, bucketId, startName, startFileId)) ?? begin;
  if (after?.fileId === undefined || keyBehindFolder(query, after.name) !== undefined) return begin;
  const place = await placeOf(core, bucketId, after.name, after.fileId);
  return place === undefined ? recordKey(bucketId, after.name) : afterKey(place);
}

/**
 * The place of a version among those of its name. A version that was deleted since is looked for where its id says that
 * it was made, so that a caller who goes on from it gets what came after it. Undefined if the id says nothing.
 */
async function placeOf(core: Core, bucketId: string, name: string, fileId: string): Promise<Uint8Array | undefined> {
  const version = await findVersion(readerOf(core.metadata), fileId);
  if (version?.bucketId === bucketId && version.name === name) return versionKey(version);
  const madeAt = isPossibleId(fileId) ? creationTimeOf(fileId) : undefined;
  return madeAt === undefined ? undefined : keys.fileVersions(bucketId, name, madeAt, fileId);
}
