import { keys, type BlobReference, type PendingDeletion, type TableName, type Tables } from '@coffer/storage-ports';
import type { NewBlob } from './blob-writer.ts';
import type { Transaction } from '../core/transaction.ts';

/** Makes a blob part of a file: the reference, and the bytes themselves if they are small. */
export function addBlob(tx: Transaction, blob: NewBlob, fileId: string, partNumber: number): void {
  tx.put('blobReferences', keys.blobReferences(blob.blobId), { fileId, partNumber });
  // Once its owner is no member any more, others may have taken the blob for a leftover.
  if (typeof blob.write?.owner === 'string') tx.requireMember(blob.write.owner);
  if (blob.inline !== null) tx.put('inlineBlobs', keys.inlineBlobs(blob.blobId), blob.inline);
}

/**
 * Takes a blob away from its file. A small blob is gone with the commit; for any other, the result says what has to be
 * done after the commit.
 */
export async function removeBlob(tx: Transaction, blobId: string): Promise<PendingDeletion | null> {
  const inlineKey = keys.inlineBlobs(blobId);
  if ((await tx.peek('inlineBlobs', inlineKey)) !== undefined) {
    tx.delete('inlineBlobs', inlineKey);
    tx.delete('blobReferences', keys.blobReferences(blobId));
    return null;
  }
  return announce(tx, { kind: 'blob', blobId });
}

/** Takes all parts away from a large file; they are removed after the commit. */
export function removeParts(tx: Transaction, fileId: string): PendingDeletion {
  tx.delete('partEpochs', keys.partEpochs(fileId));
  return announce(tx, { kind: 'parts', fileId });
}

/** Takes parts away from a large file that is finished without them; they are removed after the commit. */
export function discardParts(tx: Transaction, fileId: string, partNumbers: readonly number[]): PendingDeletion {
  return announce(tx, { kind: 'discarded', fileId, partNumbers });
}

function announce(tx: Transaction, pending: PendingDeletion): PendingDeletion {
  tx.put('pendingDeletions', pendingKey(pending), pending);
  return pending;
}

export function pendingKey(pending: PendingDeletion): Uint8Array {
  return keys.pendingDeletions(pending.kind === 'blob' ? pending.blobId : pending.fileId);
}

/** Where records are read: a transaction, or the store as it is. */
interface RecordReader {
  get<Name extends TableName>(table: Name, key: Uint8Array): Promise<Tables[Name] | undefined>;
}

/** The blob that a file, or a part of one, names; undefined if there is no such file or part. */
export async function namedBlob(
  reader: RecordReader,
  { fileId, partNumber }: BlobReference,
): Promise<string | null | undefined> {
  if (partNumber > 0) return (await reader.get('parts', keys.parts(fileId, partNumber)))?.blobId;
  const place = await reader.get('fileIds', keys.fileIds(fileId));
  if (place === undefined) return undefined;
  const key = keys.fileVersions(place.bucketId, place.name, place.uploadTimestamp, fileId);
  return (await reader.get('fileVersions', key))?.blobId;
}
