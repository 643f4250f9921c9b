import { inspectLocalStore, isHalfRestored, type LocalStoreParts } from '@coffer/store-local';
import { StoreError } from '@coffer/storage-ports';
import { isNoData } from '../data/data-directory.ts';
import { findLockHolder } from '../data/directory-lock.ts';
import { StartupError, systemErrorCode } from '../startup-error.ts';

/** Pages of metadata that a start follows at most: some 64 MiB, so that a large store does not start slowly. */
export const pagesAtStart = 16_384;

/**
 * Looks at what is in a data directory, without changing it. @throws StartupError `data` if it cannot be read, or holds
 * an incomplete restore.
 */
export async function lookAtParts(
  data: string,
  check: { readonly inUse: boolean; readonly pages: number },
): Promise<LocalStoreParts> {
  try {
    if (await isHalfRestored(data)) throw halfRestored(data);
    return await inspectLocalStore(data, { ...check, ignored: isNoData });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new StartupError('data', `The data directory ${data} cannot be used: ${error.message}.`, { cause: error });
  }
}

/** A restore was begun and not completed. */
function halfRestored(directory: string): StartupError {
  return new StartupError(
    'data',
    `The restore into ${directory} was interrupted, so its data is not complete: run coffer restore again with ` +
      'the same backup to complete it, or choose another directory with --data.',
  );
}

/** Whether a server has the store in a data directory open. */
export async function isServed(data: string): Promise<boolean> {
  try {
    return (await findLockHolder(data)) !== undefined;
  } catch (error) {
    // If it is no directory, or its path is too long for a socket, there is no server.
    if (systemErrorCode(error) !== undefined) return false;
    throw error;
  }
}
