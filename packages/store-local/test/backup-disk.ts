import { collect, streamOf } from '@coffer/bytes';
import type { PowerCutDisk } from '@coffer/storage-testkit';
import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { backUpFiles } from '../src/backup/back-up-files.ts';
import { checkBackup, type BackupFinding } from '../src/backup/check-backup.ts';
import { findBackups } from '../src/backup/find-backups.ts';
import { readRestoreMark, restoreMarkName } from '../src/backup/restore-mark.ts';
import { restoreFiles } from '../src/backup/restore-files.ts';
import type { BlobFileSystem } from '@coffer/storage-ports';
import { openFileBlobStore } from '../src/file-blob-store.ts';
import { bytesOf } from './backup-scene.ts';

const store = '/data';
const destination = '/backups';
const directory = '/restored';
const blobIds = ['aa1', 'aa2', 'bb1'];
const metadata = new TextEncoder().encode('metadata '.repeat(80));
const identity = { storeId: '5'.repeat(32), generation: '6'.repeat(32) };

/** The store's blobs, durably; its metadata is a text that names all of them. */
export async function makeStore(files: BlobFileSystem): Promise<void> {
  const blobs = await openFileBlobStore(join(store, 'blobs'), files);
  for (const blobId of blobIds) await blobs.write(blobId, streamOf(bytesOf(blobId, 700)));
}

/**
 * Takes a backup of it, as that of a real store is taken, but for LMDB. `links`: whether files can have further names.
 */
export async function backUp(files: BlobFileSystem, now: number, links = true): Promise<void> {
  const across = () => Promise.reject(Object.assign(new Error('EXDEV'), { code: 'EXDEV' }));
  // Only the store is on another disk: names within the backup can be given.
  const link = (from: string, to: string) => (!links && from.startsWith(store) ? across() : files.link(from, to));
  await backUpFiles({
    files: { ...callsOf(files), link },
    store,
    destination,
    now: () => now,
    copyMetadata: async (target) => {
      const file = await files.create(join(target, 'data.mdb'));
      await file.write(metadata);
      await file.close();
    },
    readCopy: () => Promise.resolve({ identity, blobs: named(), close: () => Promise.resolve() }),
    isLost: () => Promise.resolve(false),
  });
}

/** Restores the newest backup; another life of the store is a file more. */
export async function restore(files: BlobFileSystem): Promise<void> {
  const complete = async (place: string) => {
    const path = join(place, 'renewed');
    await files.unlink(path).catch(() => undefined);
    await (await files.create(path)).close();
    await files.syncDirectory(place);
  };
  await restoreFiles({ files, backup: destination, directory, ignored: () => false, complete });
}

/** Whatever backup is complete is whole. How many are. */
export async function checkBackups(files: BlobFileSystem): Promise<number> {
  const { complete, damaged } = await findBackups(files, destination);
  assert.deepEqual(damaged, []);
  for (const { path } of complete) {
    const findings: BackupFinding[] = [];
    const { end } = await checkBackup({ backup: path, files, onFinding: (finding) => findings.push(finding) });
    assert.deepEqual(findings, []);
    assert.equal(end.files, blobIds.length + 1);
  }
  return complete.length;
}

/** What a restore left is nothing, marked as not complete, or whole. Whether it is whole. */
export async function checkRestored(files: BlobFileSystem): Promise<boolean> {
  if ((await readRestoreMark(files, directory)) !== undefined) return false;
  const names: readonly string[] = await files.readdir(directory).catch(() => []);
  const isEmpty = names.every((name) => name === `${restoreMarkName}.tmp`);
  if (isEmpty) return false;
  assert.ok(names.includes('renewed'));
  assert.deepEqual(await contentOf(files, join(directory, 'metadata/data.mdb')), metadata);
  const blobs = await openFileBlobStore(join(directory, 'blobs'), files);
  for (const blobId of blobIds) assert.deepEqual(await collect(await blobs.read(blobId), 1_000), bytesOf(blobId, 700));
  return true;
}

/** The same disk with everything that was done to it so far kept. */
export function settled<Mark>(disk: PowerCutDisk<Mark>): PowerCutDisk<Mark> {
  return disk.afterPowerCut(disk.history.length, (options) => options - 1);
}

async function contentOf(files: BlobFileSystem, path: string): Promise<Uint8Array> {
  const file = await files.open(path);
  const bytes = new Uint8Array(await file.size());
  await file.read(bytes, 0);
  return bytes;
}

async function* named() {
  await Promise.resolve();
  for (const blobId of blobIds) yield { blobId, isDoomed: false, reference: { fileId: 'f', partNumber: 0 } };
}

/** The calls of a file system, whose methods may be those of a class. */
function callsOf(files: BlobFileSystem): BlobFileSystem {
  return {
    create: (path) => files.create(path),
    open: (path) => files.open(path),
    link: (existing, path) => files.link(existing, path),
    unlink: (path) => files.unlink(path),
    mkdir: (path) => files.mkdir(path),
    rmdir: (path) => files.rmdir(path),
    syncDirectory: (path) => files.syncDirectory(path),
    readdir: (path) => files.readdir(path),
    size: (path) => files.size(path),
  };
}
