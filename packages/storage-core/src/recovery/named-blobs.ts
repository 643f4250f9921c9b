import { StoreError, afterKey, type BlobReference, type Row, type Tables } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { nextTurn, rowsPerTurn } from '../core/turns.ts';
import { StorageError } from '../services/storage-error.ts';

/**
 * Which of the blobs are named, each with the version or part that names it. Reads all versions and parts once,
 * whatever the number of blobs, a page per turn of the event loop. Undefined if a row does not decode, because that row
 * may name any of the blobs.
 */
export async function namedBlobs(
  core: Core,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, BlobReference> | undefined> {
  const named = new Map<string, BlobReference>();
  if (wanted.size === 0) return named;
  try {
    await eachRow(core, 'fileVersions', ({ value: { blobId, fileId } }) => {
      if (blobId !== null && wanted.has(blobId)) named.set(blobId, { fileId, partNumber: 0 });
    });
    await eachRow(core, 'parts', ({ value: { blobId, fileId, partNumber } }) => {
      if (wanted.has(blobId)) named.set(blobId, { fileId, partNumber });
    });
    return named;
  } catch (error) {
    if (isDamagedRow(error)) return undefined;
    throw error;
  }
}

async function eachRow<Name extends 'fileVersions' | 'parts'>(
  core: Core,
  table: Name,
  visit: (row: Row<Tables[Name]>) => void,
): Promise<void> {
  for (let start: Uint8Array = new Uint8Array(0); ;) {
    const rows = await core.metadata.scan(table, { start, end: undefined, limit: rowsPerTurn });
    rows.forEach(visit);
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerTurn) return;
    start = afterKey(last.key);
    await nextTurn();
  }
}

function isDamagedRow(error: unknown): boolean {
  return StorageError.is(error) && error.cause instanceof StoreError && error.cause.code === 'damaged';
}
