import { encodeHex } from '@coffer/bytes';
import {
  StoreError,
  keys,
  type BackupLease,
  type Clock,
  type MetadataStore,
  type RandomSource,
  type Stored,
} from '@coffer/storage-ports';
import { transact } from '../core/transaction.ts';

/**
 * How long a backup counts as under way after it last said so; one that died keeps blobs of deleted files that long.
 */
const leaseMilliseconds = 120_000;

interface LeaseSources {
  readonly metadata: MetadataStore;
  readonly clock: Clock;
}

/** What a backup holds while it is under way, so that no blob is removed that its copy of the metadata names. */
export interface BackupLeaseHolder {
  /**
   * Takes the lease, or renews it; to be renewed at least once a minute. Resolves with null if this holder has the
   * lease now. Otherwise another backup has it, and this resolves with the time until which that one holds it if it
   * does not renew it, in milliseconds since the epoch. That also happens when this holder's lease had run out and
   * another process took or ended it.
   */
  take(): Promise<number | null>;
  /** Ends the lease if it is this holder's, so that what was to be deleted meanwhile may be removed. */
  release(): Promise<void>;
}

/**
 * The lease of one run of a backup.
 *
 * @throws StoreError from its methods, as the metadata store gives them.
 */
export function createBackupLease(sources: LeaseSources & { readonly random: RandomSource }): BackupLeaseHolder {
  const { metadata, clock, random } = sources;
  const owner = encodeHex(random.bytes(16));
  const key = keys.backupLeases();
  return {
    take: () =>
      transact(metadata, async (tx) => {
        const now = clock.now();
        const lease = await tx.get('backupLeases', key);
        if (lease !== undefined && lease.owner !== owner && isHeld(lease, now)) return lease.expiresAt;
        tx.put('backupLeases', key, { owner, expiresAt: now + leaseMilliseconds });
        return null;
      }),
    release: () =>
      transact(metadata, async (tx) => {
        const lease = await tx.get('backupLeases', key);
        if (lease?.owner === owner) tx.put('backupLeases', key, { owner, expiresAt: 0 });
      }),
  };
}

/**
 * Whether blobs of deleted files have to stay. A delete asks after its commit and before it removes a blob. If the
 * answer is no, any later backup copies the metadata with that commit in it, so its copy does not name the blob any
 * more, or names it as one that is to be removed.
 */
export async function isBackupUnderWay({ metadata, clock }: LeaseSources): Promise<boolean> {
  const lease = await metadata.get('backupLeases', keys.backupLeases());
  return lease !== undefined && isHeld(lease.value, clock.now());
}

/** A lease that would last longer than any lease does was taken before the clock was set back, and does not count. */
function isHeld({ expiresAt }: BackupLease, now: number): boolean {
  return expiresAt > now && expiresAt <= now + leaseMilliseconds;
}

/** Removes the row of a backup that has ended, unless another has begun since. */
export async function forgetBackup({ metadata }: LeaseSources, { version }: Stored<BackupLease>): Promise<void> {
  const key = keys.backupLeases();
  const expectations = [{ table: 'backupLeases', key, version }] as const;
  try {
    await metadata.commit({ expectations, writes: [{ table: 'backupLeases', key, delete: true }] });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'conflict')) throw error;
  }
}
