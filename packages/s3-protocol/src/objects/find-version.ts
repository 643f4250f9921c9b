import { checkVersionId, S3Error, s3Headers } from '@coffer/s3-schema';
import { isFileId, StorageError, type FileVersion, type AccountStorage } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';

/** Which version is wanted. */
export interface WantedVersion {
  readonly bucket: Pick<BucketRecord, 'bucketId'>;
  readonly key: string;
  /** Undefined for the current one. */
  readonly versionId: string | undefined;
  /** The answer where `versionId` is that of a hide marker. */
  readonly ofMarker: (marker: FileVersion) => S3Error;
}

/**
 * The stored version that a request names (AWS docs "Working with delete markers").
 *
 * @throws S3Error `NoSuchKey`, `NoSuchVersion`, `InvalidArgument` for what can be no id, and what `ofMarker` gives.
 */
export async function findVersion(storage: AccountStorage, wanted: WantedVersion): Promise<FileVersion> {
  const { key, versionId } = wanted;
  if (versionId === undefined) return findCurrent(storage, wanted);
  const version = await findAnyVersion(storage, wanted.bucket, key, versionId);
  if (version === undefined || version.action === 'start') throw noSuchVersion(key, versionId);
  if (version.action === 'hide') throw wanted.ofMarker(version);
  return version;
}

/**
 * A version of any action by its id; undefined unless it belongs to the key.
 *
 * @throws S3Error `InvalidArgument` for what can be no id.
 */
export async function findAnyVersion(
  storage: AccountStorage,
  { bucketId }: Pick<BucketRecord, 'bucketId'>,
  key: string,
  versionId: string,
): Promise<FileVersion | undefined> {
  if (checkVersionId(versionId, isFileId) === 'null') return undefined;
  const version = await orMissing(storage.files.get(versionId));
  return version?.bucketId === bucketId && version.name === key ? version : undefined;
}

async function findCurrent(storage: AccountStorage, { bucket, key }: WantedVersion): Promise<FileVersion> {
  const version = await orMissing(storage.files.getByName(bucket.bucketId, key));
  if (version !== undefined) return version;
  const marker = await currentMarker(storage, bucket.bucketId, key);
  throw new S3Error('NoSuchKey', {
    details: { Key: key },
    headers: marker === undefined ? [] : markerHeaders(marker.fileId),
  });
}

/** The hide marker that hides a name; undefined where there is none. */
async function currentMarker(storage: AccountStorage, bucketId: string, key: string): Promise<FileVersion | undefined> {
  const query = { bucketId, prefix: key, startName: key, limit: 1, without: 'unfinished' } as const;
  const [newest] = (await storage.listings.versions(query)).rows;
  const isMarker = newest?.kind === 'version' && newest.version.name === key && newest.version.action === 'hide';
  return isMarker ? newest.version : undefined;
}

/** The answer to everything but a deletion that names a hide marker by its id. */
export function markerRefusal({ method }: { readonly method: string }): (marker: FileVersion) => S3Error {
  return (marker) =>
    new S3Error('MethodNotAllowed', {
      details: { Method: method, ResourceType: 'DeleteMarker' },
      headers: [...markerHeaders(marker.fileId), ['Allow', 'DELETE']],
    });
}

/** The headers that say that a hide marker was met, or removed. */
export function markerHeaders(markerId: string): [name: string, value: string][] {
  return [
    [s3Headers.deleteMarker, 'true'],
    [s3Headers.versionId, markerId],
  ];
}

function noSuchVersion(key: string, versionId: string): S3Error {
  return new S3Error('NoSuchVersion', { details: { Key: key, VersionId: versionId } });
}

async function orMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (StorageError.is(error, 'file_missing')) return undefined;
    throw error;
  }
}
