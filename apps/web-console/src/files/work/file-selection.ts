import type { BucketId } from '@coffer/b2-schema';
import type { Client } from '@coffer/client';
import { countOf } from '../../format/bytes.ts';
import { pageSize } from '../file-listing.ts';
import { isStored, lockOf, type FileRow, type ListedFile, type VersionLock } from '../file-rows.ts';

/** Rows, and everything that begins with some texts, however much that is. */
export interface FileSelection {
  /** Files by their names; in a list of versions, single versions. */
  readonly rows: readonly FileRow[];
  /** Folders with the slash at their ends, or the beginnings of names; empty: the whole bucket. */
  readonly prefixes: readonly string[];
}

/** Something that is done with one file or version. */
export interface WorkItem {
  readonly name: string;
  readonly fileId: string;
  /** Bytes. */
  readonly size: number;
  readonly kind: 'file' | 'hideMarker' | 'unfinished';
  /** When it was uploaded, hidden, or started, as the server tells it; milliseconds since the epoch. */
  readonly time: number;
  /** Undefined if it has none, or the key may not see it. */
  readonly lock?: VersionLock | undefined;
}

/** Where the files of a selection are. */
export interface WorkPlace {
  readonly client: Client;
  readonly bucketId: BucketId;
}

/** `3 files and 2 folders`. */
export function describeSelection({ rows, prefixes }: FileSelection, one = 'file', several = `${one}s`): string {
  const [only] = prefixes;
  if (rows.length === 0 && prefixes.length === 1 && only !== undefined && !only.endsWith('/')) {
    return only === '' ? 'everything in the bucket' : `all names that begin with “${only}”`;
  }
  const parts = [
    rows.length > 0 ? countOf(rows.length, one, several) : '',
    prefixes.length > 0 ? countOf(prefixes.length, 'folder') : '',
  ];
  return parts.filter((part) => part !== '').join(' and ');
}

/** What is selected, as one sees it: current files only. One page of a folder is in memory at a time. */
export async function* currentFiles(
  { client, bucketId }: WorkPlace,
  { rows, prefixes }: FileSelection,
  signal: AbortSignal,
): AsyncGenerator<WorkItem, void> {
  for (const row of rows) {
    const item = itemOfRow(row);
    if (item?.kind === 'file') yield item;
  }
  for (const prefix of prefixes) {
    for await (const file of client.list.fileNames({ bucketId, prefix, maxFileCount: pageSize }, { signal })) {
      const item = itemOf(file);
      if (item) yield item;
    }
  }
}

/** The rows themselves, and all versions, hide markers and unfinished files in the folders. */
export async function* selectedVersions(
  place: WorkPlace,
  { rows, prefixes }: FileSelection,
  signal: AbortSignal,
): AsyncGenerator<WorkItem, void> {
  for (const row of rows) {
    const item = itemOfRow(row);
    if (item) yield item;
  }
  for (const prefix of prefixes) yield* versionsUnder(place, prefix, undefined, signal);
}

/**
 * The rows and all versions in the folders as far as they have content: hide markers and unfinished files cannot be
 * copied. Versions of one name follow each other, the oldest first. Rows of one name have to come the newest first.
 */
export async function* storedVersions(
  place: WorkPlace,
  selection: FileSelection,
  signal: AbortSignal,
): AsyncGenerator<WorkItem, void> {
  for await (const item of oldestFirst(selectedVersions(place, selection, signal))) {
    if (item.kind === 'file') yield item;
  }
}

/** Turns round what follows each other under one name. All versions of one name are in memory at a time. */
async function* oldestFirst(items: AsyncIterable<WorkItem>): AsyncGenerator<WorkItem, void> {
  let ofOneName: WorkItem[] = [];
  for await (const item of items) {
    if (ofOneName[0] && ofOneName[0].name !== item.name) {
      yield* ofOneName.reverse();
      ofOneName = [];
    }
    ofOneName.push(item);
  }
  yield* ofOneName.reverse();
}

/** All versions, hide markers and unfinished files of the selected names, and of everything in the folders. */
export async function* allVersions(
  place: WorkPlace,
  { rows, prefixes }: FileSelection,
  signal: AbortSignal,
): AsyncGenerator<WorkItem, void> {
  for (const { name } of rows) yield* versionsUnder(place, name, name, signal);
  for (const prefix of prefixes) yield* versionsUnder(place, prefix, undefined, signal);
}

/** `only`: of this name. The name itself comes before all others that begin with it. */
async function* versionsUnder(
  { client, bucketId }: WorkPlace,
  prefix: string,
  only: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<WorkItem, void> {
  const fields = { bucketId, prefix, maxFileCount: only === undefined ? pageSize : 100 };
  for await (const file of client.list.fileVersions(fields, { signal })) {
    if (only !== undefined && file.fileName !== only) return;
    const item = itemOf(file);
    if (item) yield item;
  }
}

function itemOfRow({ kind, name, fileId, size, time, lock }: FileRow): WorkItem | undefined {
  return kind === 'folder' || fileId === null ? undefined : { name, fileId, size, kind, time, lock };
}

function itemOf(file: ListedFile): WorkItem | undefined {
  if (file.action === 'folder') return undefined;
  const { fileName: name, fileId, contentLength, uploadTimestamp: time } = file;
  if (file.action === 'hide') return { name, fileId, size: 0, kind: 'hideMarker', time };
  if (!isStored(file)) return { name, fileId, size: contentLength, kind: 'unfinished', time };
  return { name, fileId, size: contentLength, kind: 'file', time, lock: lockOf(file) };
}
