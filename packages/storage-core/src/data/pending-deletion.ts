import { keys, prefixRange, recordKey, type PartRecord, type PendingDeletion, type Row } from '@coffer/storage-ports';
import { namedBlob, pendingKey } from './blob-records.ts';
import type { Core } from '../core/core.ts';
import { isBackupUnderWay } from './backup-lease.ts';
import { pagesOf } from '../core/table-pages.ts';
import { Transaction, transact } from '../core/transaction.ts';
import { nextTurn } from '../core/turns.ts';

const partsPerStep = 100;

type DiscardedParts = Extract<PendingDeletion, { kind: 'discarded' }>;

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
  else if (pending.kind === 'parts') while (await removeSomeParts(core, pending.fileId));
  else await removeDiscardedParts(core, pending);
  await transact(core.metadata, async (tx) => {
    // If the file was deleted meanwhile, the row says that all of its parts are to be removed, and stays.
    if (pending.kind === 'discarded' && (await tx.get('pendingDeletions', pendingKey(pending)))?.kind !== 'discarded')
      return;
    tx.delete('pendingDeletions', pendingKey(pending));
    if (pending.kind === 'blob') tx.delete('blobReferences', keys.blobReferences(pending.blobId));
  });
}

async function useOf(core: Core, pending: PendingDeletion): Promise<'none' | 'in_use' | 'unknown'> {
  const { metadata } = core;
  if (pending.kind === 'parts')
    return (await metadata.get('fileIds', keys.fileIds(pending.fileId))) === undefined ? 'none' : 'in_use';
  if (pending.kind === 'discarded') return (await isMadeUpOfOthers(core, pending)) ? 'none' : 'in_use';
  const reference = await metadata.get('blobReferences', keys.blobReferences(pending.blobId));
  if (reference === undefined) return 'unknown';
  const reader = new Transaction(metadata);
  return (await namedBlob(reader, reference.value)) === pending.blobId ? 'in_use' : 'none';
}

/** Whether the file was finished, with as many parts as there are without the discarded ones, or is gone. */
async function isMadeUpOfOthers({ metadata }: Core, { fileId, partNumbers }: DiscardedParts): Promise<boolean> {
  const place = (await metadata.get('fileIds', keys.fileIds(fileId)))?.value;
  if (place === undefined) return true;
  const key = keys.fileVersions(place.bucketId, place.name, place.uploadTimestamp, fileId);
  const version = (await metadata.get('fileVersions', key))?.value;
  if (version?.action !== 'upload') return version === undefined;
  const discarded = new Set(partNumbers);
  let others = 0;
  for await (const rows of pagesOf(metadata, 'parts', prefixRange(recordKey(fileId))))
    for (const { value } of rows) if (!discarded.has(value.partNumber)) others++;
  return others === version.partCount;
}

async function removeDiscardedParts(core: Core, { fileId, partNumbers }: DiscardedParts): Promise<void> {
  for (let at = 0; at < partNumbers.length; at += partsPerStep) {
    const found = partNumbers.slice(at, at + partsPerStep).map(async (partNumber) => {
      const key = keys.parts(fileId, partNumber);
      const stored = await core.metadata.get('parts', key);
      return stored === undefined ? [] : [{ key, value: stored.value }];
    });
    const rows = (await Promise.all(found)).flat();
    await nextTurn();
    await removePartRows(core, rows);
  }
}

/** Removes some parts; returns whether there are more. */
async function removeSomeParts(core: Core, fileId: string): Promise<boolean> {
  const rows = await core.metadata.scan('parts', { ...prefixRange(recordKey(fileId)), limit: partsPerStep });
  await removePartRows(core, rows);
  return rows.length === partsPerStep;
}

/** Removes the blobs of parts, and then their records. */
async function removePartRows(core: Core, rows: readonly Pick<Row<PartRecord>, 'key' | 'value'>[]): Promise<void> {
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
