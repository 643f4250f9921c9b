import { keys, type FileRetention, type FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { sealVersion } from '../encryption/record-sealing.ts';
import { requireGenuine } from '../records/file-parts.ts';
import { findVersion } from '../records/find-version.ts';
import { lockTimeOf, requireRetentionChange } from '../records/lock-rules.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { versionKey } from '../records/version-commit.ts';

/** Names a version: its id and its name must belong together. */
interface NamedVersion {
  readonly name: string;
  readonly fileId: string;
}

/** `LockService.updateRetention`. */
export function updateRetention(
  core: Core,
  version: NamedVersion,
  retention: FileRetention | null,
  options: { readonly bypassGovernance: boolean },
): Promise<FileVersionRecord> {
  return updateLock(core, version, async (current) => {
    const time = await lockTimeOf(core, current.retention);
    requireRetentionChange(current.retention, retention, { ...options, time });
    return { ...current, retention };
  });
}

/** `LockService.updateLegalHold`. */
export function updateLegalHold(
  core: Core,
  version: NamedVersion,
  legalHold: 'on' | 'off',
): Promise<FileVersionRecord> {
  return updateLock(core, version, (current) => Promise.resolve({ ...current, legalHold }));
}

/**
 * Rewrites a stored version's lock and seals its record anew. The record must be genuine, so that the new seal does not
 * cover a change that somebody made to it.
 */
async function updateLock(
  core: Core,
  version: NamedVersion,
  change: (current: FileVersionRecord) => Promise<FileVersionRecord>,
): Promise<FileVersionRecord> {
  await core.monitor.requireWritable();
  return transact(core.metadata, async (tx) => {
    const current = await findLockable(core, tx, version);
    const parts = await requireGenuine(core, current);
    const changed = await sealVersion(core, await change(current), parts);
    tx.put('fileVersions', versionKey(current), changed);
    return changed;
  });
}

async function findLockable(core: Core, tx: Transaction, { name, fileId }: NamedVersion): Promise<FileVersionRecord> {
  const version = await findVersion(tx, fileId);
  // A hide marker has no data to keep, and an unfinished large file none yet.
  if (version?.name !== name || version.action !== 'upload') throw failures.fileNotPresent(name, fileId);
  const bucket = await tx.get('buckets', keys.buckets(version.bucketId));
  if (bucket?.fileLockEnabled !== true) throw failures.bucketLockMissing();
  const limit = core.options.metadataLimit.restricted;
  if (core.metadataSize(name, version.fileInfo) > limit) throw failures.lockMetadataTooLarge(limit);
  return version;
}
