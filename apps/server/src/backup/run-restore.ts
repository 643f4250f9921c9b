import { renewGeneration } from '@coffer/storage-core';
import { systemRandom } from '@coffer/storage-ports';
import { restoreStore, type RestoreOutcome } from '@coffer/store-local';
import type { PlaceConfig } from '../config/server-config.ts';
import { isNoData, makeDataDirectory } from '../data/data-directory.ts';
import { lockDirectory } from '../data/directory-lock.ts';
import { withBackupFailures } from './backup-failures.ts';

export interface RunRestoreOptions {
  /** A backup, or a directory of backups, of which the newest is restored. */
  readonly backup: string;
  readonly signal?: AbortSignal;
}

/**
 * Restores a backup into a data directory that is empty or does not exist, and gives the store a new generation. Needs
 * no keys.
 *
 * @throws StartupError `data`; `in_use` if a server holds the directory.
 */
export async function runRestore(
  { data }: Pick<PlaceConfig, 'data'>,
  options: RunRestoreOptions,
): Promise<RestoreOutcome> {
  await makeDataDirectory(data);
  const lock = await lockDirectory(data);
  try {
    const advice =
      'A restore needs an empty directory; one that was interrupted goes on when the command is run again.';
    return await withBackupFailures('Nothing was restored completely', advice, () =>
      restoreStore({
        ...options,
        directory: data,
        ignored: isNoData,
        renew: (metadata) => renewGeneration(metadata, systemRandom),
      }),
    );
  } finally {
    await lock.release();
  }
}
