import { basename, join, resolve } from 'node:path';
import type { BlobFileSystem } from '@coffer/storage-ports';
import { attempt, isErrno } from '../store-failure.ts';
import { BackupError } from './backup-error.ts';
import { backupLayout, isBackupName } from './backup-layout.ts';
import type { ManifestHeader } from './manifest.ts';
import { readHeader } from './manifest-reader.ts';
import { isThere } from './new-file.ts';

type Files = Pick<BlobFileSystem, 'open' | 'readdir' | 'size'>;

/** A backup that has a manifest. */
export interface FoundBackup {
  readonly path: string;
  readonly header: ManifestHeader;
}

/** The backups in a directory. */
export interface FoundBackups {
  /** Oldest first. */
  readonly complete: readonly FoundBackup[];
  /** Directories of backups that were interrupted, oldest first by their names. */
  readonly incomplete: readonly string[];
  /** Directories of backups whose manifest does not begin as a manifest does. */
  readonly damaged: readonly string[];
}

/**
 * Looks for backups in a directory. If the directory is a backup itself, this is the only one found. @throws StoreError
 * `io`.
 */
export async function findBackups(files: Files, directory: string): Promise<FoundBackups> {
  const complete: FoundBackup[] = [];
  const incomplete: string[] = [];
  const damaged: string[] = [];
  for (const path of await candidatesIn(files, resolve(directory))) {
    const header = await headerOf(files, path);
    if (header === 'incomplete') incomplete.push(path);
    else if (header === 'damaged') damaged.push(path);
    else complete.push({ path, header });
  }
  return { complete: complete.sort((a, b) => a.header.takenAt - b.header.takenAt), incomplete, damaged };
}

async function candidatesIn(files: Files, place: string): Promise<readonly string[]> {
  if (isBackupName(basename(place)) || (await isThere(files, backupLayout.manifest(place)))) return [place];
  const names = await namesIn(files, place);
  return names
    .filter(isBackupName)
    .sort()
    .map((name) => join(place, name));
}

async function headerOf(files: Files, path: string): Promise<ManifestHeader | 'incomplete' | 'damaged'> {
  try {
    return await readHeader(files, path);
  } catch (error) {
    if (error instanceof BackupError) return error.code === 'no_backup' ? 'incomplete' : 'damaged';
    throw error;
  }
}

/** The newest complete backup in a directory. @throws BackupError `no_backup`, `damaged`; StoreError `io`. */
export async function newestBackup(files: Files, directory: string): Promise<FoundBackup> {
  const { complete, incomplete, damaged } = await findBackups(files, directory);
  const [unreadable] = damaged;
  if (unreadable !== undefined)
    throw new BackupError('damaged', `The manifest of the backup in ${unreadable} is damaged`);
  const newest = complete.at(-1);
  if (newest !== undefined) return newest;
  const found = incomplete.length === 0 ? 'no backup' : 'only a backup that was interrupted before it was complete';
  throw new BackupError('no_backup', `There is ${found} in ${directory}`);
}

async function namesIn(files: Files, directory: string): Promise<readonly string[]> {
  const names = files.readdir(directory).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  return attempt(`Listing ${directory}`, names);
}
