import { keys, prefixRange, recordKey, type PartRecord, type PendingDeletion } from '@coffer/storage-ports';
import { namedBlob, pendingKey } from './blob-records.ts';
import type { Core } from '../core/core.ts';
import { isBackupUnderWay } from './backup-lease.ts';
import { Transaction, transact } from '../core/transaction.ts';
import { nextTurn } from '../core/turns.ts';

const partsPerStep = 100;

/**
 * Does what a committed delete left to be done, unless a backup is under way. A failure is not passed on to the caller:
 * the file is gone already, and recovery removes the rest.
 */
export async function tryFinishDeletion(core: Core, pending: PendingDeletion | null): Promise<void> {
  if (pending !== null) await finishUnlessBackup(core, pending).catch(() => undefined);
}

async function finishUnlessBackup(core: Core, pending: PendingDeletion): Promise<void> {
  // In this order: see isBackupUnderWay.
  if (!(await isBackupUnderWay(core))) await finishDeletion(core, pending);
}

/**
 * Removes the blobs first and then the record of them, so that after an interruption this can be done again. Does
 * nothing where a version or part still names what is to be removed (`in_use`), or where the reference of a blob is
 * missing, so that only a look at all versions and parts could tell whether it is in use (`unknown`): no delete leaves
 * such a state.
 */
export async function finishDeletion(core: Core, pending: PendingDeletion): Promise<'done' | 'in_use' | 'unknown'> {
  const use = await useOf(core, pending);
  if (use === 'none') await carryOut(core, pending);
  return use === 'none' ? 'done' : use;
}

/** Does what {@link finishDeletion} does, for a caller who has made sure that nothing names the blobs. */
export async function carryOut(core: Core, pending: PendingDeletion): Promise<void> {
  if (pending.kind === 'blob') await core.blobs.delete(pending.blobId);
  else while (await removeSomeParts(core, pending.fileId));
  await transact(core.metadata, async (tx) => {
    tx.delete('pendingDeletions', pendingKey(pending));
    if (pending.kind === 'blob') tx.delete('blobReferences', keys.blobReferences(pending.blobId));
    return Promise.resolve();
  });
}

async function useOf(core: Core, pending: PendingDeletion): Promise<'none' | 'in_use' | 'unknown'> {
  const { metadata } = core;
  if (pending.kind === 'parts')
    return (await metadata.get('fileIds', keys.fileIds(pending.fileId))) === undefined ? 'none' : 'in_use';
  const reference = await metadata.get('blobReferences', keys.blobReferences(pending.blobId));
  if (reference === undefined) return 'unknown';
  const reader = new Transaction(metadata);
  return (await namedBlob(reader, reference.value)) === pending.blobId ? 'in_use' : 'none';
}

/** Removes some parts; returns whether there are more. */
async function removeSomeParts(core: Core, fileId: string): Promise<boolean> {
  const rows = await core.metadata.scan('parts', { ...prefixRange(recordKey(fileId)), limit: partsPerStep });
  const owned = await Promise.all(rows.map((row) => ownsItsBlob(core, row.value)));
  const owners = rows.filter((_, index) => owned[index]);
  await Promise.all(owners.map((row) => removeStoredBlob(core, row.value.blobId)));
  await nextTurn();
  await transact(core.metadata, async (tx) => {
    for (const { key } of rows) tx.delete('parts', key);
    for (const { value } of owners) removeBlobRecords(tx, value.blobId);
    return Promise.resolve();
  });
  await nextTurn();
  return rows.length === partsPerStep;
}

/**
 * Whether the blob of a part belongs to that part. A blob whose reference names something else is not removed; if
 * nothing names it, recovery finds it.
 */
async function ownsItsBlob(core: Core, { fileId, partNumber, blobId }: PartRecord): Promise<boolean> {
  const reference = await core.metadata.get('blobReferences', keys.blobReferences(blobId));
  return reference?.value.fileId === fileId && reference.value.partNumber === partNumber;
}

async function removeStoredBlob(core: Core, blobId: string): Promise<void> {
  const inline = await core.metadata.get('inlineBlobs', keys.inlineBlobs(blobId));
  if (inline === undefined) await core.blobs.delete(blobId);
}

function removeBlobRecords(tx: Transaction, blobId: string): void {
  tx.delete('inlineBlobs', keys.inlineBlobs(blobId));
  tx.delete('blobReferences', keys.blobReferences(blobId));
}
