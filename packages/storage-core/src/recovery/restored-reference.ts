import { keys, type BlobReference } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { namedBlob } from '../data/blob-records.ts';
import { transact } from '../core/transaction.ts';

/**
 * Makes the reference of a blob anew, provided that the file or part names the blob, the file is there, and the blob is
 * not to be removed. Returns whether the reference exists now.
 */
export async function restoreReference(core: Core, blobId: string, reference: BlobReference): Promise<boolean> {
  const { fileId } = reference;
  return transact(core.metadata, async (tx) => {
    const key = keys.blobReferences(blobId);
    if ((await tx.get('blobReferences', key)) !== undefined) return true;
    const isDoomed = (await tx.get('pendingDeletions', keys.pendingDeletions(blobId))) !== undefined;
    const isThere = (await tx.get('fileIds', keys.fileIds(fileId))) !== undefined;
    if (isDoomed || !isThere || (await namedBlob(tx, reference)) !== blobId) return false;
    tx.put('blobReferences', key, reference);
    return true;
  });
}
