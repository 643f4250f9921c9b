import { dirname, join, resolve } from 'node:path';
import { streamOf } from '@coffer/bytes';
import { makeDurableDirectory } from '../durable-directory.ts';
import { attempt, isErrno } from '../store-failure.ts';
import { BackupError } from './backup-error.ts';
import type { BackupFileSystem } from './backup-file-system.ts';
import { backupLayout, backupNameAt, metadataPath, storeMarkPath } from './backup-layout.ts';
import { BaseEntries } from './base-entries.ts';
import { contentOf, digestFile } from './digested-file.ts';
import { findBackups, newestBackup } from './find-backups.ts';
import type { ManifestEnd, ManifestHeader } from './manifest.ts';
import { checkManifest } from './manifest-reader.ts';
import { ManifestWriter } from './manifest-writer.ts';
import type { NamedBlob } from './named-blobs.ts';
import { flushFile, isThere, makeFile, removeFile } from './new-file.ts';
import { takeBlobs, type TakenEntry } from './take-blobs.ts';

/** The progress of a backup, a restore or a check. */
export interface FileProgress {
  readonly files: number;
  /** Bytes of the files that are done. */
  readonly bytes: number;
}

/** A copy of the metadata as a backup reads it. */
export interface MetadataCopy {
  readonly identity: Pick<ManifestHeader, 'storeId' | 'generation'>;
  /** In the order of ids. */
  readonly blobs: AsyncIterable<NamedBlob>;
  close(): Promise<void>;
}

export interface BackUpFilesOptions {
  readonly files: BackupFileSystem;
  /** The data directory. */
  readonly store: string;
  /** The directory of backups; made where it is not there. */
  readonly destination: string;
  /**
   * An earlier backup, whose unchanged blobs are taken over, or a directory of backups. Default: the newest backup in
   * `destination`.
   */
  readonly base?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes `data.mdb` in an empty directory: a consistent copy of the metadata as it is now. */
  readonly copyMetadata: (directory: string) => Promise<void>;
  readonly readCopy: (directory: string) => Promise<MetadataCopy>;
  /** Whether the store has lost a blob that cannot be found: it still names the blob, and not as one to be removed. */
  readonly isLost: (blob: NamedBlob) => Promise<boolean>;
  readonly onProgress?: (progress: FileProgress) => void;
  readonly signal?: AbortSignal;
}

/** A complete backup. */
export interface BackupOutcome {
  readonly path: string;
  readonly header: ManifestHeader;
  readonly end: ManifestEnd;
  /** The earlier backup whose blobs were taken over; null if there was none. */
  readonly base: string | null;
  /** How many blobs came into the backup in which way. */
  readonly blobs: Readonly<Record<TakenEntry['taking'], number>>;
}

/**
 * Takes a backup: the metadata first, then the blobs that the copy names, then, with everything on disk, the manifest.
 * An interrupted backup has no manifest; the next run continues it.
 *
 * @throws BackupError `blobs_gone`, `other_store`, `damaged`, `no_backup` for a base that is none; StoreError `full`,
 * `io`.
 */
export async function backUpFiles(options: BackUpFilesOptions): Promise<BackupOutcome> {
  const { files, store, destination } = options;
  await attempt(`Making ${destination}`, makeDurableDirectory(resolve(destination), files));
  const backup = await placeOf(options);
  for (const directory of [join(backupLayout.blobs(backup), 'tmp'), backupLayout.metadata(backup)])
    await attempt(`Making ${directory}`, makeDurableDirectory(directory, files));
  const hasMark = await takeStoreMark(files, store, backup);
  const takenAt = options.now();
  const copy = await takeMetadata(options, backup);
  try {
    const header = { ...copy.identity, takenAt };
    const base = await baseOf(options, header);
    const taken = await listFiles({ options, backup, base, header, copy, hasMark });
    return { path: backup, header, base: base ?? null, ...taken };
  } finally {
    await copy.close();
  }
}

/** The directory of an interrupted backup of the same store, or a new one. */
async function placeOf({ files, store, destination, now }: BackUpFilesOptions): Promise<string> {
  const { incomplete } = await findBackups(files, destination);
  for (const path of incomplete.toReversed()) if (await hasSameMark(files, store, path)) return path;
  const name = backupNameAt(now());
  for (let number = 1; ; number++) {
    const path = join(resolve(destination), number === 1 ? name : `${name}-${number}`);
    if (!(await isThere(files, path))) return path;
  }
}

async function hasSameMark(files: BackupFileSystem, store: string, backup: string): Promise<boolean> {
  const [own, taken] = [
    await textOf(files, join(store, storeMarkPath)),
    await textOf(files, join(backup, storeMarkPath)),
  ];
  return taken === undefined || taken === own;
}

async function takeStoreMark(files: BackupFileSystem, store: string, backup: string): Promise<boolean> {
  const mark = await textOf(files, join(store, storeMarkPath));
  if (mark === undefined) return false;
  const path = join(backup, storeMarkPath);
  if ((await textOf(files, path)) === mark) {
    // The run that made the directory may have been interrupted before the name was flushed.
    await attempt('Flushing the backup', files.syncDirectory(dirname(path)));
    return true;
  }
  await removeFile(files, path);
  await makeFile(files, path, streamOf(Buffer.from(mark)));
  return true;
}

/** Copies the metadata; replaces the copy of an interrupted run. */
async function takeMetadata(
  { files, copyMetadata, readCopy }: BackUpFilesOptions,
  backup: string,
): Promise<MetadataCopy> {
  const directory = backupLayout.metadata(backup);
  for (const name of ['data.mdb', 'lock.mdb']) await removeFile(files, join(directory, name));
  await copyMetadata(directory);
  await attempt('Flushing the metadata', flushFile(files, backupLayout.metadataFile(backup)));
  await attempt('Flushing the metadata', files.syncDirectory(directory));
  return readCopy(directory);
}

/** The earlier backup to take blobs from. A damaged one in the destination is skipped. */
async function baseOf(
  { files, destination, base }: BackUpFilesOptions,
  { storeId }: ManifestHeader,
): Promise<string | undefined> {
  if (base !== undefined) {
    const { path, header } = await newestBackup(files, base);
    if (header.storeId !== storeId) throw new BackupError('other_store', `The backup ${path} is of another store`);
    await checkManifest(files, path);
    return path;
  }
  const { complete } = await findBackups(files, destination);
  for (const { path, header } of complete.toReversed())
    if (header.storeId === storeId && (await isSound(files, path))) return path;
  return undefined;
}

async function isSound(files: BackupFileSystem, backup: string): Promise<boolean> {
  try {
    await checkManifest(files, backup);
    return true;
  } catch (error) {
    if (error instanceof BackupError) return false;
    throw error;
  }
}

interface Listing {
  readonly options: BackUpFilesOptions;
  readonly backup: string;
  readonly base: string | undefined;
  readonly header: ManifestHeader;
  readonly copy: MetadataCopy;
  readonly hasMark: boolean;
}

async function listFiles({ options, backup, base, header, copy, hasMark }: Listing) {
  const { files, onProgress, signal } = options;
  const blobs = { kept: 0, shared: 0, copied: 0, missing: 0 };
  const progress = { files: 0, bytes: 0 };
  const entries = base === undefined ? undefined : new BaseEntries(files, base);
  const manifest = await ManifestWriter.begin(files, backup, header);
  try {
    for (const path of [metadataPath, ...(hasMark ? [storeMarkPath] : [])])
      await manifest.add({ path, ...(await digestFile(files, join(backup, path), signal)) });
    for await (const { entry, taking } of takeBlobs(copy.blobs, { ...options, backup, base: entries })) {
      await manifest.add(entry);
      blobs[taking]++;
      progress.files++;
      if (!('missing' in entry)) progress.bytes += entry.length;
      onProgress?.({ ...progress });
    }
    await copy.close();
    return { end: await manifest.finish(), blobs };
  } finally {
    await manifest.close();
    await entries?.close();
  }
}

/** The text of a file; undefined if there is none. */
async function textOf(files: BackupFileSystem, path: string): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of contentOf(files, path)) pieces.push(piece);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
  return Buffer.concat(pieces).toString();
}
