import { keys } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { forgetBackup, isBackupUnderWay } from '../data/backup-lease.ts';
import type { RecoveryConcern, RecoveryReport, RecoveryService } from '../services/storage.ts';
import { Concerns } from './concerns.ts';
import { finishDeletions } from './finish-deletions.ts';
import { quarantineService } from './quarantine.ts';
import { settleBlobs } from './settle-blobs.ts';
import { readWriteBounds } from './write-bounds.ts';

/** The methods of `RecoveryService` that look at blobs. */
export function recoveryActions(core: Core): Pick<RecoveryService, 'recover' | 'resumeDeletions' | 'quarantine'> {
  let concerns: readonly RecoveryConcern[] = [];
  return {
    recover: async () => {
      const report = await recover(core);
      ({ concerns } = report);
      return report;
    },
    resumeDeletions: () => resumeDeletions(core),
    quarantine: quarantineService(core, () => concerns.some(({ kind }) => kind === 'metadata_older')),
  };
}

async function recover(core: Core): Promise<RecoveryReport> {
  const concerns = new Concerns();
  const bounds = await readWriteBounds(core);
  const deletions = await finishDeletions(core);
  for (const pending of deletions.refused)
    concerns.add('deletion_refused', pending.kind === 'blob' ? pending.blobId : pending.fileId);
  const { membership } = core;
  await requireAlone(core);
  const leftovers = await core.blobs.sweep(membership.isShared ? { live: (id) => membership.isLive(id) } : {});
  const settled = await settleBlobs(core, concerns, {
    bound: bounds.sum,
    owners: bounds.owners,
    unknownDeletions: deletions.unknown,
  });
  // Done last, so that after an interruption the next recovery knows the same bounds.
  if (settled.isOlder) await bounds.disbelieve();
  else if (settled.isThrough) await bounds.settle();
  const { orphanBlobs, purged } = settled;
  return {
    deletions: deletions.finished + settled.deletions,
    leftovers,
    orphanBlobs,
    purged,
    concerns: concerns.list,
  };
}

/**
 * A process that does not know of the others would take their uploads for leftovers.
 *
 * @throws StorageError `storage_unavailable` where this process has not joined and there are members.
 */
async function requireAlone({ membership }: Core): Promise<void> {
  if (!membership.isShared && (await membership.members()).length > 0)
    throw failures.storageUnavailable(new Error('Other processes share the store: this one has to join them first'));
}

/** `RecoveryService.resumeDeletions`. The next recovery reports what is refused here. */
async function resumeDeletions(core: Core): Promise<number> {
  const lease = await core.metadata.get('backupLeases', keys.backupLeases());
  if (lease === undefined || (await isBackupUnderWay(core))) return 0;
  const { finished } = await finishDeletions(core);
  await forgetBackup(core, lease);
  return finished;
}
