import { join } from 'node:path';
import { BlobFolders, blobIdPattern } from '../blob-folders.ts';
import { DirectoryFlushes } from '../directory-flushes.ts';
import { attempt, isErrno } from '../store-failure.ts';
import { BackupError } from './backup-error.ts';
import type { BackupFileSystem } from './backup-file-system.ts';
import { backupLayout, pathOfBlob } from './backup-layout.ts';
import type { BaseEntries } from './base-entries.ts';
import { takeBlob, type BlobSources, type BlobTarget, type TakenBlob } from './blob-taking.ts';
import { folderByFolder } from './folder-by-folder.ts';
import type { ManifestEntry, ManifestFile } from './manifest.ts';
import type { NamedBlob } from './named-blobs.ts';
import { removeFile } from './new-file.ts';

const blobsAtOnce = 16;
const folderPattern = /^[a-z0-9]{1,2}$/;

export interface TakeBlobsOptions {
  readonly files: BackupFileSystem;
  /** The data directory. */
  readonly store: string;
  /** The directory of the new backup. */
  readonly backup: string;
  readonly base: BaseEntries | undefined;
  /** Whether the store has lost a blob that cannot be found: it still names the blob, and not as one to be removed. */
  readonly isLost: (blob: NamedBlob) => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** A blob's line of the manifest, and how the blob came into the backup. */
export interface TakenEntry {
  readonly entry: ManifestEntry;
  readonly taking: TakenBlob['taking'] | 'missing';
}

/**
 * Puts blobs, given in the order of their ids, into a backup, and yields their entries once they are durably there.
 * Removes everything else, left by an interrupted run, from the folders of the backup.
 *
 * @throws BackupError `blobs_gone`, `damaged`; StoreError `full`, `io`.
 */
export async function* takeBlobs(
  blobs: AsyncIterable<NamedBlob>,
  options: TakeBlobsOptions,
): AsyncGenerator<TakenEntry, void> {
  const { files, backup, signal } = options;
  const flushes = new DirectoryFlushes((directory) => files.syncDirectory(directory));
  const folders = new BlobFolders(backupLayout.blobs(backup), files, flushes);
  const target = { files, folders, signal };
  const visited = new Set<string>();
  for await (const { folder, blobs: named } of folderByFolder(blobs)) {
    visited.add(folder);
    yield* await takeFolder(named, target, options);
  }
  for (const name of await attempt('Listing the backup', files.readdir(folders.root)))
    if (folderPattern.test(name) && !visited.has(name)) await keepOnly(files, join(folders.root, name), new Set());
}

/**
 * Takes all blobs of one folder, with one flush. If anything fails, the whole folder is emptied, since nobody can tell
 * what a failed flush has lost.
 */
async function takeFolder(
  blobs: readonly NamedBlob[],
  target: BlobTarget,
  options: TakeBlobsOptions,
): Promise<readonly TakenEntry[]> {
  const [first] = blobs;
  if (first === undefined) return [];
  const { files, folders, signal } = target;
  const folder = folders.folderOf(first.blobId);
  await attempt('Making a folder of the backup', folders.makeFolderOf(first.blobId));
  try {
    const entries: TakenEntry[] = [];
    for (let start = 0; start < blobs.length; start += blobsAtOnce) {
      signal?.throwIfAborted();
      entries.push(...(await takeSome(blobs.slice(start, start + blobsAtOnce), target, options)));
    }
    await keepOnly(files, folder, new Set(blobs.map(({ blobId }) => blobId)));
    await attempt('Flushing a folder of the backup', files.syncDirectory(folder));
    return entries;
  } catch (error) {
    if (signal?.aborted !== true) await keepOnly(files, folder, new Set()).catch(() => undefined);
    throw error;
  }
}

async function takeSome(
  blobs: readonly NamedBlob[],
  target: BlobTarget,
  options: TakeBlobsOptions,
): Promise<readonly TakenEntry[]> {
  const wanted: { readonly blob: NamedBlob; readonly sources: BlobSources }[] = [];
  for (const blob of blobs) wanted.push({ blob, sources: await sourcesOf(blob.blobId, options) });
  // Waits for all of them even if one fails: otherwise one that is still running could add its blob after the folder
  // was emptied.
  const outcomes = await Promise.allSettled(wanted.map(({ blob, sources }) => takeOne(blob, sources, target, options)));
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

async function sourcesOf(blobId: string, { store, base }: TakeBlobsOptions): Promise<BlobSources> {
  const entry = await base?.find(blobId);
  return { store, base: base === undefined || entry === undefined ? undefined : { backup: base.backup, entry } };
}

async function takeOne(
  blob: NamedBlob,
  sources: BlobSources,
  target: BlobTarget,
  { isLost }: TakeBlobsOptions,
): Promise<readonly TakenEntry[]> {
  const path = pathOfBlob(blob.blobId);
  const taken = await takeBlob(target, blob.blobId, sources);
  if (taken !== undefined) {
    const entry: ManifestFile = { path, length: taken.length, sha256: taken.sha256 };
    return [{ entry, taking: taken.taking }];
  }
  if (blob.isDoomed) return [];
  if (await isLost(blob)) return [{ entry: { path, missing: true }, taking: 'missing' }];
  throw new BackupError('blobs_gone', 'Blobs were removed while the backup was under way');
}

/**
 * Removes all files but these blobs from a folder of the backup. A file that is no blob was left by an interrupted
 * copy.
 */
async function keepOnly(files: BackupFileSystem, folder: string, blobIds: ReadonlySet<string>): Promise<void> {
  const names = await files.readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  for (const name of names)
    if (!blobIds.has(name) && blobIdPattern.test(name.replace(/\.tmp$/, '')))
      await removeFile(files, join(folder, name));
}
