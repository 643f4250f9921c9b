import type { Client } from '@coffer/client';

/** A row of a listing, as the API tells it. */
export type ListedFile = Awaited<ReturnType<Client['api']['listFileVersions']>>['files'][number];
/** A file version, a hide marker, or an unfinished large file. */
export type FileVersion = Exclude<ListedFile, { action: 'folder' }>;
/** A version with content. */
export type StoredVersion = Extract<ListedFile, { action: 'upload' | 'copy' }>;

/** Why a version cannot be deleted, as far as the key may see it. */
export interface VersionLock {
  readonly isHeld: boolean;
  readonly mode: 'governance' | 'compliance' | null;
  /** Milliseconds since the epoch. */
  readonly until: number | null;
}

/** What a list keeps of a row: a folder of 100,000 files is held in memory. */
export interface FileRow {
  /** The only one of it in a list. */
  readonly key: string;
  readonly kind: 'folder' | 'file' | 'hideMarker' | 'unfinished';
  readonly name: string;
  /** Null of a folder. */
  readonly fileId: string | null;
  readonly size: number;
  /** Milliseconds since the epoch; when a large file was started, if it is not finished. */
  readonly time: number;
  /** Undefined of what has no content. */
  readonly mode: 'SSE-B2' | 'SSE-C' | null | undefined;
  /** Whether it is the newest version of its name; undefined where the list does not tell. */
  readonly isNewest: boolean | undefined;
  /** Undefined if it has none, or the key may not see it. */
  readonly lock?: VersionLock | undefined;
}

export function isStored(file: ListedFile): file is StoredVersion {
  return file.action === 'upload' || file.action === 'copy';
}

/** The lock of a version; undefined if it has none, or the key may not see it. */
export function lockOf({ legalHold, fileRetention: { value } }: StoredVersion): VersionLock | undefined {
  const isHeld = legalHold.value === 'on';
  if (!isHeld && (value === null || value.mode === null)) return undefined;
  return { isHeld, mode: value?.mode ?? null, until: value?.retainUntilTimestamp ?? null };
}

/** `previousName`: that of the row before, in a listing of versions; its newest version comes first. */
export function rowOf(file: ListedFile, previousName?: { readonly name: string | undefined }): FileRow {
  const { fileName: name, contentLength: size, uploadTimestamp: time } = file;
  const isNewest = previousName === undefined ? undefined : previousName.name !== name;
  if (file.action === 'folder') {
    return {
      key: `d${name}`,
      kind: 'folder',
      name,
      fileId: null,
      size: 0,
      time: 0,
      mode: undefined,
      isNewest: undefined,
    };
  }
  const { fileId } = file;
  const key = previousName === undefined ? `f${name}` : `v${fileId}`;
  if (file.action === 'hide') {
    return { key, kind: 'hideMarker', name, fileId, size: 0, time, mode: undefined, isNewest };
  }
  const { mode } = file.serverSideEncryption;
  const kind = file.action === 'start' ? 'unfinished' : 'file';
  const lock = isStored(file) ? lockOf(file) : undefined;
  return { key, kind, name, fileId, size, time, mode, isNewest, ...(lock && { lock }) };
}
