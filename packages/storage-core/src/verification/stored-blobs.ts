import { StoreError, keys } from '@coffer/storage-ports';
import { fault, type Fault } from './findings.ts';
import type { Verifier } from './verifier.ts';

/**
 * Whether nothing names a blob of the blob store. An upload that is under way has stored its blob before its commit
 * makes the reference, so it looks the same.
 */
export async function checkStoredBlob({ core, rows }: Verifier, blobId: string): Promise<readonly Fault[]> {
  if ((await rows.row('blobReferences', keys.blobReferences(blobId))) !== undefined) return [];
  if (!(await isThere(core.blobs, blobId))) return [];
  // Its upload may have been finished while the store was asked.
  if ((await rows.row('blobReferences', keys.blobReferences(blobId))) !== undefined) return [];
  return [fault('orphan', { blobId }, `Nothing names the blob ${blobId}: its upload is under way, or left it behind`)];
}

async function isThere(blobs: Verifier['core']['blobs'], blobId: string): Promise<boolean> {
  try {
    await blobs.size(blobId);
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'missing_blob') return false;
    throw error;
  }
}
