import { join } from 'node:path';
import type { BlobFileSystem } from '@coffer/storage-ports';
import type { FileProgress } from './back-up-files.ts';
import { nodeBackupFileSystem } from './backup-file-system.ts';
import { digestFile } from './digested-file.ts';
import { newestBackup } from './find-backups.ts';
import type { ManifestEntry } from './manifest.ts';
import { checkManifest, manifestEntries, type CheckedManifest } from './manifest-reader.ts';
import { sizeOf } from './new-file.ts';

/** Something wrong with a backup. `lost`: the store had lost the file before the backup was taken. */
export interface BackupFinding {
  /** Path within the backup. */
  readonly path: string;
  readonly kind: 'missing' | 'other_length' | 'other_content' | 'lost';
}

export interface CheckBackupOptions {
  /** A backup, or a directory of backups, of which the newest is checked. */
  readonly backup: string;
  readonly files?: BlobFileSystem;
  readonly onFinding: (finding: BackupFinding) => void;
  readonly onProgress?: (progress: FileProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads all of a backup and compares it with its manifest; changes nothing.
 *
 * @throws BackupError `no_backup`, `damaged` for the manifest itself; StoreError `io`.
 */
export async function checkBackup(options: CheckBackupOptions): Promise<CheckedManifest & { readonly path: string }> {
  const { files = nodeBackupFileSystem, backup, onFinding, onProgress, signal } = options;
  const { path } = await newestBackup(files, backup);
  const manifest = await checkManifest(files, path);
  const progress = { files: 0, bytes: 0 };
  for await (const entry of manifestEntries(files, path)) {
    signal?.throwIfAborted();
    const kind = await problemOf(files, path, entry, signal);
    if (kind !== undefined) onFinding({ path: entry.path, kind });
    progress.files++;
    progress.bytes += 'missing' in entry ? 0 : entry.length;
    onProgress?.({ ...progress });
  }
  return { path, ...manifest };
}

async function problemOf(
  files: BlobFileSystem,
  backup: string,
  entry: ManifestEntry,
  signal: AbortSignal | undefined,
): Promise<BackupFinding['kind'] | undefined> {
  if ('missing' in entry) return 'lost';
  const path = join(backup, entry.path);
  const length = await sizeOf(files, path);
  if (length !== entry.length) return length === undefined ? 'missing' : 'other_length';
  const found = await digestFile(files, path, signal);
  return found.sha256 === entry.sha256 ? undefined : 'other_content';
}
