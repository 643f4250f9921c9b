import { dirname, join, resolve } from 'node:path';
import { streamOf } from '@coffer/bytes';
import { StoreError, type BlobFileSystem } from '@coffer/storage-ports';
import { makeDurableDirectory } from '../durable-directory.ts';
import { FileBlobStore } from '../file-blob-store.ts';
import { attempt, isErrno } from '../store-failure.ts';
import { BackupError } from './backup-error.ts';
import { backupLayout, blobOfPath, metadataPath } from './backup-layout.ts';
import type { FileProgress } from './back-up-files.ts';
import { StreamDigest, contentOf } from './digested-file.ts';
import { newestBackup } from './find-backups.ts';
import type { ManifestFile } from './manifest.ts';
import { checkManifest, manifestEntries, type CheckedManifest } from './manifest-reader.ts';
import { isThere, makeFile, removeFile, sizeOf } from './new-file.ts';
import { readRestoreMark, restoreMarkName, restoreMarkPath } from './restore-mark.ts';

const blobsAtOnce = 8;

export interface RestoreFilesOptions {
  readonly files: BlobFileSystem;
  /** A backup, or a directory of backups, of which the newest is restored. */
  readonly backup: string;
  /** The future data directory: it must be empty or not exist. */
  readonly directory: string;
  /** Whether a name, such as that of a lock, does not count as content of the directory. */
  readonly ignored: (name: string) => boolean;
  /** Called when all files are in place: makes them a store of a new generation. May be called again. */
  readonly complete: (directory: string) => Promise<void>;
  readonly onProgress?: (progress: FileProgress) => void;
  readonly signal?: AbortSignal;
}

/** What was restored. */
export interface RestoreOutcome extends CheckedManifest {
  readonly path: string;
}

/**
 * Restores a backup into an empty directory. Every file is compared with the manifest before it gets its name. Until
 * the restore is complete, a file in the directory says that it is not; after an interruption, this may be called again
 * with the same backup.
 *
 * @throws BackupError `no_backup`, `damaged`, `not_empty`; StoreError `full`, `io`.
 */
export async function restoreFiles(options: RestoreFilesOptions): Promise<RestoreOutcome> {
  const { files, complete } = options;
  const directory = resolve(options.directory);
  const { path } = await newestBackup(files, options.backup);
  const manifest = await checkManifest(files, path);
  await claim(options, directory, manifest);
  await attempt(`Making ${directory}`, makeDurableDirectory(backupLayout.metadata(directory), files));
  await restoreEach(options, path, directory);
  await complete(directory);
  await removeMark(files, directory, manifest);
  return { path, ...manifest };
}

/**
 * Marks an empty directory as one that is being restored. A directory that already has the mark of the same backup is
 * accepted, so that the restore goes on.
 */
async function claim(
  { files, ignored, backup }: RestoreFilesOptions,
  directory: string,
  { end }: CheckedManifest,
): Promise<void> {
  await attempt(`Making ${directory}`, makeDurableDirectory(directory, files));
  const mark = await readRestoreMark(files, directory);
  if (mark === end.sha256) {
    // The run that made the mark may have been interrupted before its name was flushed.
    await attempt(`Flushing ${directory}`, files.syncDirectory(directory));
    return;
  }
  if (mark !== undefined)
    throw new BackupError('not_empty', `${directory} holds an interrupted restore of another backup than ${backup}`);
  const names = await attempt(`Listing ${directory}`, files.readdir(directory));
  const isContent = (name: string) => !ignored(name) && name !== `${restoreMarkName}.tmp`;
  if (names.some(isContent)) throw new BackupError('not_empty', `${directory} is not empty`);
  await makeMark(files, directory, end.sha256);
}

function makeMark(files: BlobFileSystem, directory: string, sha256: string): Promise<void> {
  return makeFile(files, restoreMarkPath(directory), streamOf(Buffer.from(`${sha256}\n`)));
}

/**
 * Removes the mark. If it is not certain that the mark is gone from the disk, it is made again, so that the next run
 * removes it anew.
 */
async function removeMark(files: BlobFileSystem, directory: string, { end }: CheckedManifest): Promise<void> {
  await removeFile(files, restoreMarkPath(directory));
  try {
    await attempt('Completing the restore', files.syncDirectory(directory));
  } catch (error) {
    await makeMark(files, directory, end.sha256).catch(() => undefined);
    throw error;
  }
}

async function restoreEach(
  { files, onProgress, signal }: RestoreFilesOptions,
  backup: string,
  directory: string,
): Promise<void> {
  const blobs = await attempt('Making the blob folder', FileBlobStore.open(backupLayout.blobs(directory), files));
  const progress = { files: 0, bytes: 0 };
  const restoreOne = async (entry: ManifestFile) => {
    const blobId = blobOfPath(entry.path);
    const content = checkedContent(files, backup, entry, signal);
    if (blobId === undefined) await replaceFile(files, directory, entry, content);
    else await restoreBlob(blobs, blobId, entry, content);
    progress.files++;
    progress.bytes += entry.length;
    onProgress?.({ ...progress });
  };
  try {
    await blobs.sweep();
    for await (const some of batches(manifestEntries(files, backup))) {
      signal?.throwIfAborted();
      const outcomes = await Promise.allSettled(some.map(restoreOne));
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    }
  } finally {
    await blobs.close();
  }
}

async function* batches(
  entries: AsyncIterable<ManifestFile | { readonly missing: true }>,
): AsyncGenerator<readonly ManifestFile[], void> {
  let gathered: ManifestFile[] = [];
  for await (const entry of entries) {
    if ('missing' in entry) continue;
    gathered.push(entry);
    if (gathered.length < blobsAtOnce) continue;
    yield gathered;
    gathered = [];
  }
  yield gathered;
}

/** Writes a blob. A blob that is there already is kept: an interrupted run compared it before it got its name. */
async function restoreBlob(
  blobs: FileBlobStore,
  blobId: string,
  { length }: ManifestFile,
  content: AsyncGenerator<Uint8Array, void>,
): Promise<void> {
  try {
    await blobs.write(blobId, content);
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'blob_exists') || (await blobs.size(blobId)) !== length)
      throw error;
  }
}

/** Writes a file that is no blob, even if it is there already: an interrupted run may have changed the metadata. */
async function replaceFile(
  files: BlobFileSystem,
  directory: string,
  { path }: ManifestFile,
  content: AsyncGenerator<Uint8Array, void>,
): Promise<void> {
  const target = join(directory, path);
  const besides = path === metadataPath ? ['lock.mdb', 'reserve'].map((name) => join(dirname(target), name)) : [];
  for (const old of [target, ...besides]) if (await isThere(files, old)) await removeFile(files, old);
  await makeFile(files, target, content);
}

/** The bytes of a file of the backup; fails at the end if they do not match the manifest. */
async function* checkedContent(
  files: BlobFileSystem,
  backup: string,
  { path, length, sha256 }: ManifestFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const source = join(backup, path);
  const failed = () => new BackupError('damaged', `${source} is not what it was when the backup was taken`);
  const digest = new StreamDigest();
  if ((await sizeOf(files, source)) !== length) throw failed();
  try {
    for await (const piece of digest.through(contentOf(files, source))) {
      signal?.throwIfAborted();
      yield piece;
    }
  } catch (error) {
    throw isErrno(error, 'ENOENT') ? failed() : error;
  }
  if (digest.result().sha256 !== sha256) throw failed();
}
