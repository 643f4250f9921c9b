import { keys, prefixRange, recordKey, type PartRecord, type PendingDeletion, type Row } from '@coffer/storage-ports';
import { pendingKey } from './blob-records.ts';
import type { Core } from '../core/core.ts';
import { isBackupUnderWay } from './backup-lease.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { nextTurn } from '../core/turns.ts';

const partsPerStep = 100;

/**
 * Removes what a committed delete left to be done, unless a backup is under way. A failure is not the deleter's: the file is gone
 * already, and recovery removes the rest.
 */
export async function tryFinishDeletion(core: Core, pending: PendingDeletion | null): Promise<void> {
  if (pending !== null) await finishUnlessBackup(core, pending).catch(() => undefined);
}

async function finishUnlessBackup(core: Core, pending: PendingDeletion): Promise<void> {
  // In this order: see isBackupUnderWay.
  if (!(await isBackupUnderWay(core))) await finishDeletion(core, pending);
}

/** Removes the blobs first and then the record of them, so that an interruption can be taken up again. */
export async function finishDeletion(core: Core, pending: PendingDeletion): Promise<void> {
  if (pending.kind === 'blob') await core.blobs.delete(pending.blobId);
  else while (await removeSomeParts(core, pending.fileId));
  await transact(core.metadata, async (tx) => {
    tx.delete('pendingDeletions', pendingKey(pending));
    if (pending.kind === 'blob') tx.delete('blobReferences', keys.blobReferences(pending.blobId));
    return Promise.resolve();
  });
}

/** Whether there are more. */
async function removeSomeParts(core: Core, fileId: string): Promise<boolean> {
  const rows = await core.metadata.scan('parts', { ...prefixRange(recordKey(fileId)), limit: partsPerStep });
  await Promise.all(rows.map((row) => removeStoredBlob(core, row.value.blobId)));
  await nextTurn();
  await transact(core.metadata, async (tx) => {
    for (const row of rows) removePart(tx, row);
    return Promise.resolve();
  });
  await nextTurn();
  return rows.length === partsPerStep;
}

async function removeStoredBlob(core: Core, blobId: string): Promise<void> {
  const inline = await core.metadata.get('inlineBlobs', keys.inlineBlobs(blobId));
  if (inline === undefined) await core.blobs.delete(blobId);
}

function removePart(tx: Transaction, { key, value }: Row<PartRecord>): void {
  tx.delete('parts', key);
  tx.delete('inlineBlobs', keys.inlineBlobs(value.blobId));
  tx.delete('blobReferences', keys.blobReferences(value.blobId));
}
