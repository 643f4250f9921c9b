import { resolve, sep } from 'node:path';
import { createBackupLease, type BackupLeaseHolder } from '@coffer/storage-core';
import { systemClock, systemRandom } from '@coffer/storage-ports';
import { BackupError, backUpStore, type BackupOutcome, type LocalStore } from '@coffer/store-local';
import type { PlaceConfig } from '../config/server-config.ts';
import { openStoreWithoutKeys } from '../server/open-beside.ts';
import { StartupError } from '../startup-error.ts';
import { withBackupFailures } from './backup-failures.ts';

export interface RunBackupOptions {
  /** The directory of backups. */
  readonly destination: string;
  /** Another backup to take blobs from, or a directory of backups. */
  readonly base?: string;
  readonly signal?: AbortSignal;
}

/**
 * Attempts of a backup. If its process is suspended for longer than its lease lasts, blobs may be gone, and the backup
 * begins again.
 */
const tries = 3;
/** Milliseconds between two renewals of the lease, which lasts two minutes. */
const renewAfterMs = 30_000;

/**
 * Takes a backup of the store in a data directory, whether or not a server is running on it. Needs no keys.
 *
 * @throws StartupError `data`, `config`; `in_use` while another backup is under way.
 */
export async function runBackup(
  { data }: Pick<PlaceConfig, 'data'>,
  options: RunBackupOptions,
): Promise<BackupOutcome> {
  const destination = resolve(options.destination);
  if (destination === data || destination.startsWith(data + sep))
    throw new StartupError(
      'config',
      `The backup must be outside the data directory ${data}: choose another directory.`,
    );
  const store = await openStoreWithoutKeys(data, `There is no data in ${data}. Say with --data where it is.`);
  try {
    const advice = 'What was copied stays, and is used when the command is run again.';
    return await withBackupFailures('The backup is not complete', advice, () =>
      underLease(store, data, () => backUp(store, data, { ...options, destination })),
    );
  } finally {
    await store.close();
  }
}

async function backUp(store: LocalStore, directory: string, options: RunBackupOptions): Promise<BackupOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await backUpStore({ ...options, directory, store, now: () => systemClock.now() });
    } catch (error) {
      const isGone = error instanceof BackupError && error.code === 'blobs_gone';
      if (!isGone || attempt === tries) throw error;
    }
  }
}

/** Does the work while it holds the backup lease, under which blobs of deleted files are kept. */
async function underLease<T>({ metadata }: LocalStore, data: string, work: () => Promise<T>): Promise<T> {
  const lease = createBackupLease({ metadata, clock: systemClock, random: systemRandom });
  const heldUntil = await lease.take();
  if (heldUntil !== null) throw otherBackup(data, heldUntil);
  const stopRenewing = keepRenewing(lease);
  try {
    return await work();
  } finally {
    stopRenewing();
    await lease.release();
  }
}

/**
 * Renews the lease regularly. A failed renewal is tried again; if the lease runs out, the backup notices blobs that are
 * gone.
 */
function keepRenewing(lease: BackupLeaseHolder): () => void {
  const timer = setInterval(() => {
    lease.take().catch(() => undefined);
  }, renewAfterMs);
  return () => {
    clearInterval(timer);
  };
}

function otherBackup(data: string, heldUntil: number): StartupError {
  const time = new Date(heldUntil).toISOString();
  return new StartupError(
    'in_use',
    `Another backup of ${data} is under way, or was killed just now: try again when it has ended, or after ${time}.`,
  );
}
