import { StorageError, nextTurn, type AccountStorage } from '@coffer/storage-core';
import type { SnapshotItem } from '@coffer/storage-ports';
import { snapshotLimits } from './options.ts';
import { snapshotBucketName } from './snapshot-bucket.ts';

/** Lookups of single files before everything else gets its turn. */
export const lookupsPerTurn = 50;

/** What a snapshot is to be made of: single files, and all files whose names begin with one of the folders. */
export interface Selection {
  readonly bucketId: string;
  /** By name, or by the id of a version, which has to be the current one of its name when the snapshot is made. */
  readonly files: readonly ({ readonly fileName: string } | { readonly fileId: string })[];
  /** Prefixes of names; an empty one is the whole bucket. */
  readonly folders: readonly string[];
}

/** A selection in which nothing is twice, in the order of the names. */
export interface ResolvedSelection {
  readonly bucketName: string;
  readonly items: readonly SnapshotItem[];
}

/**
 * Looks up what was selected. Files within a selected folder, and folders within another, are not listed again.
 *
 * @throws StorageError `invalid` for a selection of nothing, of too much, or of the snapshots themselves;
 * `bucket_missing`; `file_missing` if an id is that of no stored file of the bucket.
 */
export async function resolveSelection(account: AccountStorage, selection: Selection): Promise<ResolvedSelection> {
  requirePossible(selection);
  const bucket = await account.buckets.get(selection.bucketId);
  if (bucket.type === 'snapshot' || bucket.name === snapshotBucketName(bucket.accountId))
    throw invalid('bucketId', 'No snapshots are made of the bucket of snapshots');
  const folders = outermost(selection.folders);
  const single = new Map<string, SnapshotItem>();
  for (const [index, file] of selection.files.entries()) {
    if (index % lookupsPerTurn === lookupsPerTurn - 1) await nextTurn();
    const item = await fileItem(account, selection.bucketId, file);
    if (!folders.some((prefix) => item.name.startsWith(prefix))) single.set(item.name, item);
  }
  const items = [...single.values(), ...folders.map((prefix) => ({ kind: 'folder', prefix }) as const)];
  return { bucketName: bucket.name, items: items.sort((a, b) => compareNames(startOf(a), startOf(b))) };
}

/** @throws StorageError `invalid` for a selection of nothing, of too much, or of names that no file can have. */
export function requirePossible({ files, folders }: Selection): void {
  if (files.length + folders.length === 0) throw invalid('selection', 'Nothing is selected');
  if (files.length > snapshotLimits.selectedFiles)
    throw invalid('files', `At most ${snapshotLimits.selectedFiles} files can be selected; select folders instead`);
  if (folders.length > snapshotLimits.selectedFolders)
    throw invalid('folders', `At most ${snapshotLimits.selectedFolders} folders can be selected`);
  const names = [...folders, ...files.flatMap((file) => ('fileName' in file ? [file.fileName] : []))];
  const isPossible = (name: string) => Buffer.byteLength(name) <= 1_024 && !/\p{Surrogate}|\0/u.test(name);
  if (!names.every(isPossible)) throw invalid('selection', 'A selected name cannot be that of a file');
  if (files.some((file) => 'fileName' in file && file.fileName === ''))
    throw invalid('files', 'The name of a selected file is empty');
}

/** The folders that are in none of the others. */
function outermost(folders: readonly string[]): readonly string[] {
  const sorted = [...new Set(folders)].sort(compareNames);
  return sorted.filter((prefix) => !sorted.some((other) => other !== prefix && prefix.startsWith(other)));
}

async function fileItem(
  account: AccountStorage,
  bucketId: string,
  file: Selection['files'][number],
): Promise<Extract<SnapshotItem, { kind: 'file' }>> {
  if ('fileName' in file) return { kind: 'file', name: file.fileName, fileId: null };
  const version = await account.files.get(file.fileId);
  if (version.bucketId !== bucketId || version.action !== 'upload')
    throw new StorageError('file_missing', 'File not present', {});
  return { kind: 'file', name: version.name, fileId: version.fileId };
}

function startOf(item: SnapshotItem): string {
  return item.kind === 'file' ? item.name : item.prefix;
}

/** The order of names in listings: by the bytes of their UTF-8. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function invalid(field: string, message: string): StorageError<'invalid'> {
  return new StorageError('invalid', message, { field });
}
