import {
  keys,
  type FileLocation,
  type FileVersionRecord,
  type MetadataStore,
  type TableName,
  type Tables,
} from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { isPossibleName } from './file-name.ts';
import { isPossibleId } from '../core/identifiers.ts';

/** How often the current version of a name may change under a reader before it gives up. */
const lookups = 20;

/** Where records are read: a transaction, or the store as it is. */
export interface RecordReader {
  get<Name extends TableName>(table: Name, key: Uint8Array): Promise<Tables[Name] | undefined>;
}

export function readerOf(metadata: MetadataStore): RecordReader {
  return { get: async (table, key) => (await metadata.get(table, key))?.value };
}

/** The version with this id, of any action. */
export async function findVersion(reader: RecordReader, fileId: string): Promise<FileVersionRecord | undefined> {
  if (!isPossibleId(fileId)) return undefined;
  const place = await reader.get('fileIds', keys.fileIds(fileId));
  if (place === undefined) return undefined;
  const version = await reader.get(
    'fileVersions',
    keys.fileVersions(place.bucketId, place.name, place.uploadTimestamp, fileId),
  );
  return version && requireOwnPlace(version, { ...place, fileId });
}

/**
 * Checks that the record belongs where it was found. Its seal does not say so: it says only that the record is
 * unchanged.
 *
 * @throws StorageError `integrity` for the record of another version.
 */
function requireOwnPlace(
  version: FileVersionRecord,
  place: FileLocation & { readonly fileId: string },
): FileVersionRecord {
  const { fileId, bucketId, name, uploadTimestamp } = place;
  const isOwn =
    version.fileId === fileId &&
    version.bucketId === bucketId &&
    version.name === name &&
    version.uploadTimestamp === uploadTimestamp;
  if (!isOwn) throw failures.integrity(fileId);
  return version;
}

/** @throws StorageError `file_missing`. */
export async function getVersion(core: Core, fileId: string): Promise<FileVersionRecord> {
  const version = await findVersion(readerOf(core.metadata), fileId);
  if (version === undefined) throw failures.fileMissing();
  return version;
}

/**
 * The current version of a name.
 *
 * @throws StorageError `file_missing` if there is none or it is hidden.
 */
export async function getVisibleVersion(core: Core, bucketId: string, name: string): Promise<FileVersionRecord> {
  const version = isPossibleId(bucketId) && isPossibleName(name) ? await findVisible(core, bucketId, name) : undefined;
  if (version === undefined) throw failures.fileMissing();
  return version;
}

/** As {@link getVisibleVersion}, but undefined where there is none. */
export async function findVisible(core: Core, bucketId: string, name: string): Promise<FileVersionRecord | undefined> {
  let seen: number | undefined;
  for (let attempt = 1; attempt <= lookups; attempt++) {
    const visible = await core.metadata.get('visibleNames', keys.visibleNames(bucketId, name));
    if (visible === undefined) return undefined;
    const { fileId, uploadTimestamp } = visible.value;
    const stored = await core.metadata.get('fileVersions', keys.fileVersions(bucketId, name, uploadTimestamp, fileId));
    // The version is missing although the row that leads to it is unchanged. No delete leaves such a state, so the
    // store is damaged.
    if (visible.version === seen) throw failures.integrity(fileId);
    seen = visible.version;
    // Deleted between the two reads: another version is current by now.
    if (stored !== undefined) return requireOwnPlace(stored.value, { fileId, uploadTimestamp, bucketId, name });
  }
  throw failures.storageUnavailable(new Error('The current version kept changing'));
}

/** @throws StorageError `no_active_upload` unless this is an unfinished large file. */
export async function getUnfinished(reader: RecordReader, fileId: string): Promise<FileVersionRecord> {
  const version = await findVersion(reader, fileId);
  if (version?.action !== 'start') throw failures.noActiveUpload(fileId);
  return version;
}
