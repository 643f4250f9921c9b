import {
  afterKey,
  keys,
  prefixRange,
  recordKey,
  type FileVersionRecord,
  type LifecycleRule,
  type NameHead,
  type PendingDeletion,
} from '@coffer/storage-ports';
import { requireCertainClock } from '../core/clock-judgement.ts';
import type { Core } from '../core/core.ts';
import { sealedOnly } from '../encryption/file-encryption.ts';
import { hideMarkerDraft } from '../files/hide-file.ts';
import { makeFileId } from '../core/identifiers.ts';
import { cancelDue, deleteDue, deletesLoneMarkers, hideDue } from './lifecycle-rules.ts';
import type { LifecycleAction } from '../services/lifecycle.ts';
import { requireGenuineIfLockable } from '../records/file-parts.ts';
import { nameQueueKey, nextNewerOf } from '../records/name-head.ts';
import { recordEvent } from '../records/notification-events.ts';
import { tryFinishDeletion } from '../data/pending-deletion.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { addVersion, removeVersion, versionKey } from '../records/version-commit.ts';

/**
 * Carries out an action if its rule still asks for it. Everything that this depends on is read in the transaction: the
 * bucket with its rules, the head of the name, which every change of its versions writes, and the version with its
 * lock.
 *
 * @returns whether it was done.
 */
export async function applyAction(core: Core, action: LifecycleAction): Promise<boolean> {
  // Actions on the same name are carried out in the order in which they were planned, so that a hide marker is deleted
  // after the versions beneath it.
  const { done, pending } = await core.queue.run(nameQueueKey(action), async () => {
    if (action.kind === 'hide') await core.monitor.requireWritable();
    return transact(core.metadata, async (tx) => {
      const version = await findDue(core, tx, action);
      if (version === undefined) return { done: false, pending: null };
      // The clock may have jumped since the run began.
      await requireCertainClock(core);
      return { done: true, pending: await (action.kind === 'hide' ? hide : remove)(core, tx, version) };
    });
  });
  await tryFinishDeletion(core, pending);
  return done;
}

async function hide(core: Core, tx: Transaction, { accountId, bucketId, name }: FileVersionRecord): Promise<null> {
  const place = { accountId, bucketId, name, fileId: makeFileId(core, bucketId, 'small') };
  const draft = hideMarkerDraft(place, await sealedOnly(core));
  await addVersion(tx, core, draft, { event: 'b2:HideMarkerCreated:LifecycleRule' });
  return null;
}

async function remove(core: Core, tx: Transaction, version: FileVersionRecord): Promise<PendingDeletion | null> {
  await requireGenuineIfLockable(core, tx, version);
  if (version.action === 'upload') await recordEvent(tx, core, 'b2:ObjectDeleted:LifecycleRule', version);
  return removeVersion(tx, version);
}

/** The action's version, if its rule asks for the action now. */
async function findDue(core: Core, tx: Transaction, action: LifecycleAction): Promise<FileVersionRecord | undefined> {
  const { bucketId, name, fileNamePrefix, fileId, uploadTimestamp } = action;
  const bucket = await tx.get('buckets', keys.buckets(bucketId));
  const rule = bucket?.lifecycleRules.find((one) => one.fileNamePrefix === fileNamePrefix);
  const head = await tx.get('nameHeads', keys.nameHeads(bucketId, name));
  const version = await tx.get('fileVersions', keys.fileVersions(bucketId, name, uploadTimestamp, fileId));
  if (rule === undefined || version === undefined) return undefined;
  return (await isDue(tx, rule, { version, head, kind: action.kind }, core.clock.now())) ? version : undefined;
}

async function isDue(
  tx: Transaction,
  rule: LifecycleRule,
  { version, head, kind }: { version: FileVersionRecord; head: NameHead | undefined; kind: LifecycleAction['kind'] },
  now: number,
): Promise<boolean> {
  const isCurrent = head?.current?.fileId === version.fileId;
  switch (kind) {
    case 'hide':
      return isCurrent && hideDue(rule, version, now);
    case 'cancel-large-file':
      return cancelDue(rule, version, now);
    case 'delete-version':
    case 'delete-hide-marker':
      if (!isCurrent) return deleteDue(rule, version, await nextNewerOf(tx, head, version), now);
      return version.action === 'hide' && deletesLoneMarkers(rule) && !(await hasOlder(tx, version));
  }
}

/** Whether the name has anything beneath this version, unfinished large files included. */
async function hasOlder(tx: Transaction, version: FileVersionRecord): Promise<boolean> {
  const { end } = prefixRange(recordKey(version.bucketId, version.name));
  const rows = await tx.scan('fileVersions', { start: afterKey(versionKey(version)), end, limit: 1 });
  return rows.length > 0;
}
