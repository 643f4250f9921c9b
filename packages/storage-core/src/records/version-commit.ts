import { keys, type FileVersionRecord, type NotificationEventType, type PendingDeletion } from '@coffer/storage-ports';
import { removeBlob, removeParts } from '../data/blob-records.ts';
import { keepBucket } from './bucket-lookup.ts';
import type { Core } from '../core/core.ts';
import { sealedBlobsOf, type UnsealedVersion } from '../encryption/encryption-record.ts';
import { sealVersion } from '../encryption/record-sealing.ts';
import { displaceVersion, placeVersion } from './name-head.ts';
import { recordEvent } from './notification-events.ts';
import type { Transaction } from '../core/transaction.ts';
import type { WriteCondition } from '../services/storage.ts';
import { nextTimestamp } from './upload-timestamp.ts';
import { requireCondition } from './write-condition.ts';

/** A version that has no place among the others of its name yet, and so no seal. */
export type VersionDraft = Omit<UnsealedVersion, 'uploadTimestamp' | 'committedAt'>;

/** The key of a version's row. */
export function versionKey(version: FileVersionRecord): Uint8Array {
  return keys.fileVersions(version.bucketId, version.name, version.uploadTimestamp, version.fileId);
}

/** The timestamp that a version is added with, and the event that is recorded. */
export interface Addition {
  /** Milliseconds since the epoch, where the uploader chose when the file was uploaded. */
  readonly customTimestamp?: number | undefined;
  /** Absent: no event is recorded. */
  readonly event?: NotificationEventType;
  /** Absent: whatever the name's current version is. */
  readonly condition?: WriteCondition | undefined;
}

/** Adds a version to its name, with the given timestamp or as the newest, sealed; records `event` if it is given. */
export async function addVersion(
  tx: Transaction,
  core: Core,
  draft: VersionDraft,
  { customTimestamp, event, condition }: Addition,
): Promise<FileVersionRecord> {
  const { bucketId, name, fileId } = draft;
  await requireCondition(core, tx, draft, condition);
  const [head, bucket] = await Promise.all([
    tx.get('nameHeads', keys.nameHeads(bucketId, name)),
    keepBucket(tx, bucketId),
  ]);
  const now = core.clock.now();
  const uploadTimestamp = customTimestamp ?? nextTimestamp(head, now);
  const unsealed = { ...draft, uploadTimestamp, committedAt: now };
  const version = await sealVersion(core, unsealed, sealedBlobsOf(unsealed));
  tx.expectAbsent('fileIds', keys.fileIds(fileId));
  tx.put('fileIds', keys.fileIds(fileId), { bucketId, name, uploadTimestamp });
  tx.put('fileVersions', versionKey(version), version);
  placeVersion(tx, head, version);
  if (event !== undefined) await recordEvent(tx, core, event, version, bucket);
  return version;
}

/** Rewrites a large file that was finished. Its place among the versions stays that of its start. */
export async function replaceVersion(tx: Transaction, version: FileVersionRecord): Promise<void> {
  const head = await tx.get('nameHeads', keys.nameHeads(version.bucketId, version.name));
  tx.put('fileVersions', versionKey(version), version);
  placeVersion(tx, head, version);
}

/**
 * Takes a version from its name, its wrapped file key with it. What the result names has to be removed after the
 * commit.
 */
export async function removeVersion(tx: Transaction, version: FileVersionRecord): Promise<PendingDeletion | null> {
  const { bucketId, name, fileId } = version;
  const head = await tx.get('nameHeads', keys.nameHeads(bucketId, name));
  tx.delete('fileVersions', versionKey(version));
  tx.delete('fileIds', keys.fileIds(fileId));
  if (head !== undefined) await displaceVersion(tx, head, version);
  if (version.action === 'start') tx.delete('unfinishedFiles', keys.unfinishedFiles(bucketId, fileId));
  if (version.action === 'start' || version.partCount !== null) return removeParts(tx, fileId);
  return version.blobId === null ? null : removeBlob(tx, version.blobId);
}
