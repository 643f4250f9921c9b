import { checkObjectKey, invalidArgument, S3Error, s3Headers } from '@coffer/s3-schema';
import type { FileVersion, AccountStorage, WriteCondition } from '@coffer/storage-core';
import { StorageError } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { findAnyVersion } from './find-version.ts';

/** What is to be deleted. */
export interface Deletion {
  readonly bucket: BucketRecord;
  readonly key: string;
  /** Undefined: the key is hidden. */
  readonly versionId: string | undefined;
  readonly bypassGovernance: boolean;
  /** The entity tag that the version must have, or `*` for any version. */
  readonly ifMatch: string | undefined;
}

/** What became of it. */
export type Deleted =
  | { readonly kind: 'hidden'; readonly markerId: string }
  | { readonly kind: 'version' | 'marker'; readonly versionId: string };

/**
 * Hides a key, or removes one version of it (AWS docs `DeleteObject`). A version that is not there counts as removed.
 *
 * @throws S3Error; StorageError of the storage.
 */
export async function deleteOne(storage: AccountStorage, deletion: Deletion): Promise<Deleted> {
  const { bucket, key, versionId, ifMatch } = deletion;
  if (versionId !== undefined) return removeVersion(storage, deletion, versionId);
  const condition = conditionOf(ifMatch);
  const options = { evenIfAbsent: true, ...(condition !== undefined && { condition }) };
  const marker = await storage.files.hide(bucket.bucketId, checkObjectKey(key), options);
  return { kind: 'hidden', markerId: marker.fileId };
}

function conditionOf(ifMatch: string | undefined): WriteCondition | undefined {
  if (ifMatch === undefined) return undefined;
  return ifMatch === '*' ? { current: 'present' } : { current: 'tagged', entityTag: ifMatch };
}

async function removeVersion(storage: AccountStorage, deletion: Deletion, versionId: string): Promise<Deleted> {
  const { bucket, key, bypassGovernance, ifMatch } = deletion;
  if (versionId === 'null') throw invalidArgument('versionId', 'Invalid version id specified', versionId);
  const version = await findAnyVersion(storage, bucket, key, versionId);
  if (version === undefined || version.action === 'start') return absent(ifMatch, key, versionId);
  const tag = ifMatch === undefined || ifMatch === '*' ? {} : { entityTag: ifMatch };
  const removed = await removeIfThere(storage, { name: key, fileId: versionId, bypassGovernance, ...tag });
  return { kind: (removed ?? version).action === 'hide' ? 'marker' : 'version', versionId };
}

function absent(ifMatch: string | undefined, key: string, versionId: string): Deleted {
  if (ifMatch === undefined) return { kind: 'version', versionId };
  throw new S3Error('NoSuchVersion', { details: { Key: key, VersionId: versionId } });
}

/** Undefined where somebody else removed it first. */
async function removeIfThere(
  storage: AccountStorage,
  version: Parameters<AccountStorage['files']['deleteVersion']>[0],
): Promise<FileVersion | undefined> {
  try {
    return await storage.files.deleteVersion(version);
  } catch (error) {
    if (StorageError.is(error, 'file_not_present')) return undefined;
    throw error;
  }
}

/**
 * A bucket without Object Lock has nothing that could be bypassed.
 *
 * @throws S3Error `InvalidArgument`
 */
export function requireLockForBypass({ fileLockEnabled }: BucketRecord, isGiven: boolean): void {
  if (!isGiven || fileLockEnabled) return;
  const message = 'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.';
  throw invalidArgument(s3Headers.bypassGovernance, message);
}
