import type { FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { findVersion, getUnfinished, readerOf, type RecordReader } from '../records/find-version.ts';
import { requireGenuineIfLockable } from '../records/file-parts.ts';
import { lockTimeOf, requireDeletable } from '../records/lock-rules.ts';
import { nameQueueKey } from '../records/name-head.ts';
import { cancelSnapshotOf } from '../records/snapshot-upload.ts';
import { recordEvent } from '../records/notification-events.ts';
import { tryFinishDeletion } from '../data/pending-deletion.ts';
import { transact } from '../core/transaction.ts';
import { removeVersion } from '../records/version-commit.ts';
import { requireTag } from '../records/write-condition.ts';
import type { VersionDeletion } from '../services/storage.ts';

/** `FileService.deleteVersion`. */
export async function deleteVersion(
  core: Core,
  { name, fileId, bypassGovernance, entityTag }: VersionDeletion,
): Promise<FileVersionRecord> {
  return removeCommitted(core, async (reader) => {
    const version = await findVersion(reader, fileId);
    if (version?.name !== name) throw failures.fileNotPresent(name, fileId);
    if (entityTag !== undefined) await requireTag(core, version, entityTag);
    requireDeletable(version, bypassGovernance, await lockTimeOf(core, version.retention));
    return version;
  });
}

/** `LargeFileService.cancel`. */
export async function cancelLargeFile(core: Core, fileId: string, isSnapshot?: true): Promise<FileVersionRecord> {
  return removeCommitted(core, (reader) => getUnfinished(reader, fileId), isSnapshot);
}

/** Removes the version that `find` gives: its records with one commit, its blobs after that. */
async function removeCommitted(
  core: Core,
  find: (reader: RecordReader) => Promise<FileVersionRecord>,
  isSnapshot?: true,
): Promise<FileVersionRecord> {
  const queueKey = nameQueueKey(await find(readerOf(core.metadata)));
  const { version, pending } = await core.queue.run(queueKey, () =>
    transact(core.metadata, async (tx) => {
      const found = await find(tx);
      // The record must be genuine before it is believed that the version is not locked. Below, only a stored file
      // causes an event: a hide marker is no object, and an unfinished large file none yet.
      await requireGenuineIfLockable(core, tx, found);
      if (isSnapshot !== true) await cancelSnapshotOf(tx, found, core.clock.now());
      if (found.action === 'upload') await recordEvent(tx, core, 'b2:ObjectDeleted:Delete', found);
      return { version: found, pending: await removeVersion(tx, found) };
    }),
  );
  await tryFinishDeletion(core, pending);
  return version;
}
