import { StoreError } from '@coffer/storage-ports';
import { BackupError } from '@coffer/store-local';
import { StartupError } from '../startup-error.ts';

/**
 * Runs a backup or a restore, and turns its expected failures into messages for the operator. @throws StartupError
 * `data`.
 */
export async function withBackupFailures<T>(doing: string, advice: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackupError || error instanceof StoreError)
      throw new StartupError('data', `${doing}: ${error.message}. ${advice}`, { cause: error });
    throw error;
  }
}
