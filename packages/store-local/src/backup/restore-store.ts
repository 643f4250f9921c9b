import { keys, type MetadataStore } from '@coffer/storage-ports';
import { openLocalStore } from '../local-store.ts';
import { nodeBackupFileSystem } from './backup-file-system.ts';
import { restoreFiles, type RestoreFilesOptions, type RestoreOutcome } from './restore-files.ts';
import { readRestoreMark } from './restore-mark.ts';

/** What is restored, and where to. */
export interface RestoreStoreOptions extends Pick<
  RestoreFilesOptions,
  'backup' | 'directory' | 'ignored' | 'onProgress' | 'signal'
> {
  /** Gives the store a new generation in its metadata; nobody else has the store open. */
  readonly renew: (metadata: MetadataStore) => Promise<unknown>;
}

/**
 * Restores a backup of a local store into an empty directory.
 *
 * @throws BackupError `no_backup`, `damaged`, `not_empty`; StoreError `full`, `io`; whatever `renew` throws.
 */
export async function restoreStore({ renew, ...options }: RestoreStoreOptions): Promise<RestoreOutcome> {
  return restoreFiles({ ...options, files: nodeBackupFileSystem, complete: (directory) => complete(directory, renew) });
}

/**
 * Whether a restore into the directory was begun and is not complete, so that its content must not be used. @throws
 * StoreError `io`.
 */
export async function isHalfRestored(directory: string): Promise<boolean> {
  return (await readRestoreMark(nodeBackupFileSystem, directory)) !== undefined;
}

/**
 * The copy of the metadata was made while the backup held its lease, so it still contains the lease; in the restored
 * store no backup is under way.
 */
async function complete(directory: string, renew: RestoreStoreOptions['renew']): Promise<void> {
  const store = await openLocalStore({ directory });
  try {
    await store.metadata.commit({
      expectations: [],
      writes: [{ table: 'backupLeases', key: keys.backupLeases(), delete: true }],
    });
    await renew(store.metadata);
  } finally {
    await store.close();
  }
}
