import { keys, type BlobStore } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { forgetBackup, isBackupUnderWay } from '../data/backup-lease.ts';
import { finishDeletion } from '../data/pending-deletion.ts';
import type { RecoveryService } from '../services/storage.ts';

const deletionsPerPage = 100;
const blobsPerPage = 1_000;

/** `RecoveryService.recover`. */
export async function recover(core: Core): ReturnType<RecoveryService['recover']> {
  const deletions = await finishDeletions(core);
  const leftovers = await core.blobs.sweep();
  return { deletions, orphanBlobs: await removeOrphans(core), leftovers };
}

/** `RecoveryService.resumeDeletions`. */
export async function resumeDeletions(core: Core): Promise<number> {
  const lease = await core.metadata.get('backupLeases', keys.backupLeases());
  if (lease === undefined || (await isBackupUnderWay(core))) return 0;
  const finished = await finishDeletions(core);
  await forgetBackup(core, lease);
  return finished;
}

async function finishDeletions(core: Core): Promise<number> {
  for (let finished = 0; ;) {
    const start = new Uint8Array(0);
    const rows = await core.metadata.scan('pendingDeletions', { start, end: undefined, limit: deletionsPerPage });
    // In this order: see isBackupUnderWay.
    if (rows.length > 0 && (await isBackupUnderWay(core))) return finished;
    for (const row of rows) await finishDeletion(core, row.value);
    finished += rows.length;
    if (rows.length < deletionsPerPage) return finished;
  }
}

/** Removes stored blobs that no file refers to: of uploads that were never committed. */
async function removeOrphans(core: Core): Promise<number> {
  let removed = 0;
  for await (const blobId of storedBlobs(core.blobs)) {
    if ((await core.metadata.get('blobReferences', keys.blobReferences(blobId))) !== undefined) continue;
    await core.blobs.delete(blobId);
    removed++;
  }
  return removed;
}

async function* storedBlobs(blobs: BlobStore): AsyncGenerator<string, void> {
  let ids = await blobs.list({ limit: blobsPerPage });
  for (;;) {
    yield* ids;
    const after = ids.at(-1);
    if (after === undefined || ids.length < blobsPerPage) return;
    ids = await blobs.list({ after, limit: blobsPerPage });
  }
}
