import { compareKeys, keys, type BlobReference, type PendingDeletion, type Row } from '@coffer/storage-ports';
import { pendingKey } from '../data/blob-records.ts';
import { bucketOf, fault, when, type Fault } from './findings.ts';
import { keyParts } from '../core/key-parts.ts';
import type { Verifier } from './verifier.ts';

/** The file that a reference leads to has that blob, or the blob is to be removed. */
export async function checkBlobReference(
  verifier: Verifier,
  { key, value: { fileId, partNumber } }: Row<BlobReference>,
): Promise<readonly Fault[]> {
  const [blobId] = keyParts(key, ['text']) ?? [];
  const place = {
    table: 'blobReferences',
    bucketId: bucketOf(fileId),
    fileId,
    partNumber,
    blobId: blobId ?? null,
  } as const;
  if (blobId === undefined) return [fault('misplaced', place, 'The reference of a blob is under a malformed key')];
  if (await isNamed(verifier, blobId, { fileId, partNumber })) return [];
  if (await isToBeRemoved(verifier, blobId, fileId)) return [];
  return [fault('missing-row', place, `The blob ${blobId} has a reference to a file or part that does not name it`)];
}

/** Whether the version, or its part, is made up of that blob. */
async function isNamed(verifier: Verifier, blobId: string, { fileId, partNumber }: BlobReference): Promise<boolean> {
  if (partNumber === 0) return (await verifier.version(fileId))?.blobId === blobId;
  return (await verifier.rows.get('parts', keys.parts(fileId, partNumber)))?.blobId === blobId;
}

async function isToBeRemoved({ rows }: Verifier, blobId: string, fileId: string): Promise<boolean> {
  if ((await rows.get('pendingDeletions', keys.pendingDeletions(blobId))) !== undefined) return true;
  return (await rows.get('pendingDeletions', keys.pendingDeletions(fileId)))?.kind === 'parts';
}

/** A small blob's content belongs to a blob that a file refers to. */
export async function checkInlineBlob({ rows }: Verifier, { key }: Row<Uint8Array>): Promise<readonly Fault[]> {
  const [blobId] = keyParts(key, ['text']) ?? [];
  const place = { table: 'inlineBlobs', blobId: blobId ?? null } as const;
  if (blobId === undefined) return [fault('misplaced', place, 'The content of a blob is under a malformed key')];
  const reference = await rows.get('blobReferences', keys.blobReferences(blobId));
  return when(reference === undefined, 'missing-row', place, `The blob ${blobId} in the metadata has no reference`);
}

/** A blob that is to be removed is in use no more. That something waits to be removed is no fault. */
export async function checkPendingDeletion(
  verifier: Verifier,
  { key, value }: Row<PendingDeletion>,
): Promise<readonly Fault[]> {
  const place = {
    table: 'pendingDeletions',
    ...(value.kind === 'blob' ? { blobId: value.blobId } : { fileId: value.fileId, bucketId: bucketOf(value.fileId) }),
  } as const;
  if (compareKeys(key, pendingKey(value)) !== 0)
    return [fault('misplaced', place, 'A deletion that waits is under another key')];
  return when(await isInUse(verifier, value), 'contradiction', place, 'A blob that is to be removed is in use');
}

async function isInUse(verifier: Verifier, pending: PendingDeletion): Promise<boolean> {
  if (pending.kind === 'parts') return (await verifier.version(pending.fileId)) !== undefined;
  // Which parts a finished file is made up of is looked at with the file.
  if (pending.kind === 'discarded') return (await verifier.version(pending.fileId))?.action === 'start';
  const { blobId } = pending;
  const reference = await verifier.rows.get('blobReferences', keys.blobReferences(blobId));
  return reference !== undefined && isNamed(verifier, blobId, reference);
}
