import { collect } from '@coffer/bytes';
import { keys, prefixRange, recordKey, type Write } from '@coffer/storage-ports';
import { readFile, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BackupScene, bytesOf, identity, referenceTo } from '../../test/backup-scene.ts';
import { openLocalStore } from '../local-store.ts';
import { readStoreMark } from '../store-mark.ts';
import { checkBackup, type BackupFinding } from './check-backup.ts';

async function sceneWith(...blobIds: readonly string[]): Promise<BackupScene> {
  const scene = await BackupScene.open();
  onTestFinished(() => scene.close());
  for (const blobId of blobIds) await scene.addBlob(blobId);
  return scene;
}

async function findingsIn(backup: string): Promise<readonly BackupFinding[]> {
  const findings: BackupFinding[] = [];
  await checkBackup({ backup, onFinding: (finding) => findings.push(finding) });
  return findings;
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1)).sort();
}

describe('a backup', () => {
  test('holds the metadata, the mark and the blobs that are named, and is restored as it was', async () => {
    const scene = await sceneWith('aa1', 'aa2', 'b', 'zz9');
    const { path, header, end, blobs, base } = await scene.backUp();
    expect(header).toEqual({
      storeId: identity.storeId,
      generation: identity.generation,
      takenAt: expect.any(Number) as number,
    });
    expect(blobs).toEqual({ kept: 0, shared: 4, copied: 0, missing: 0 });
    expect(base).toBeNull();
    expect(end.files).toBe(6);
    expect(await filesIn(path)).toEqual([
      'blobs/aa/aa1',
      'blobs/aa/aa2',
      'blobs/b/b',
      'blobs/store.json',
      'blobs/zz/zz9',
      'manifest.jsonl',
      'metadata/data.mdb',
    ]);
    expect((await stat(join(path, 'metadata/data.mdb'))).mode & 0o777).toBe(0o600);
    expect(await findingsIn(scene.backups)).toEqual([]);
    await scene.restore('again');
    const directory = join(scene.root, 'again');
    const store = await openLocalStore({ directory });
    onTestFinished(() => store.close());
    expect(await readStoreMark(join(directory, 'blobs'))).toEqual({ storeId: identity.storeId, formatVersion: 1 });
    for (const blobId of ['aa1', 'aa2', 'b', 'zz9']) {
      expect(await collect(await store.blobs.read(blobId), 10_000)).toEqual(bytesOf(blobId));
      expect(await store.metadata.get('blobReferences', keys.blobReferences(blobId))).toBeDefined();
    }
  });

  test('of an empty store is one', async () => {
    const scene = await sceneWith();
    expect((await scene.backUp()).end.files).toBe(2);
    await scene.restore('again');
    expect(await filesIn(join(scene.root, 'again'))).toContain('metadata/data.mdb');
  });

  test('has of commits beside it all or nothing, and all that were acknowledged before', async () => {
    const scene = await sceneWith();
    let written = 0;
    let stop = false;
    const row = (blobId: string, partNumber: number): Write => ({
      table: 'blobReferences',
      key: keys.blobReferences(blobId),
      put: { fileId: 'f', partNumber },
    });
    const note = (number: number): Write => ({
      table: 'pendingDeletions',
      key: keys.pendingDeletions(`n${number}`),
      put: { kind: 'parts', fileId: 'f' },
    });
    // Two rows with the same number, doomed so that no blob is missed, and one more row of each commit.
    const work = async () => {
      while (!stop) {
        const number = ++written;
        await scene.commit(row('left', number), row('right', number), note(number), {
          table: 'pendingDeletions',
          key: keys.pendingDeletions('f'),
          put: { kind: 'parts', fileId: 'f' },
        });
      }
    };
    const working = work();
    for (let round = 0; round < 5; round++) {
      const target = written + 20;
      await expect.poll(() => written, { interval: 1 }).toBeGreaterThan(target);
      const acknowledged = written - 1;
      const { path } = await scene.backUp();
      const copy = await openLocalStore({ directory: path });
      const numbers = await Promise.all(
        ['left', 'right'].map(
          async (id) => (await copy.metadata.get('blobReferences', keys.blobReferences(id)))?.value.partNumber,
        ),
      );
      expect(numbers[0]).toBe(numbers[1]);
      expect(numbers[0]).toBeGreaterThanOrEqual(acknowledged);
      const rows = await copy.metadata.scan('pendingDeletions', { ...prefixRange(recordKey()), limit: 10_000 });
      expect(rows).toHaveLength(numbers[0]! + 1);
      await copy.close();
    }
    stop = true;
    await working;
  });

  test('takes over what an earlier one has, with the checksums of its manifest, and nothing that is no longer named', async () => {
    const scene = await sceneWith('aa1', 'bb1', 'cc1');
    const first = await scene.backUp();
    await scene.addBlob('bb2');
    await scene.store.blobs.delete('aa1');
    await scene.commit({ table: 'blobReferences', key: keys.blobReferences('aa1'), delete: true });
    // Another file under the name, so that the store has its own bytes still.
    await writeFile(join(first.path, 'blobs/cc/changed'), bytesOf('other'));
    await rename(join(first.path, 'blobs/cc/changed'), join(first.path, 'blobs/cc/cc1'));
    const second = await scene.backUp();
    expect(second).toMatchObject({ base: first.path, blobs: { shared: 3 } });
    expect(await filesIn(second.path)).not.toContain('blobs/aa/aa1');
    // Not read again: it still has the checksum that it was first taken with.
    expect(await findingsIn(second.path)).toEqual([{ path: 'blobs/cc/cc1', kind: 'other_content' }]);
    expect((await stat(join(second.path, 'blobs/bb/bb1'))).nlink).toBe(3);
    expect(await findingsIn(first.path)).toEqual([{ path: 'blobs/cc/cc1', kind: 'other_content' }]);
  });

  test('has the store’s blob where the earlier backup’s has another length', async () => {
    const scene = await sceneWith('aa1');
    const first = await scene.backUp();
    await rm(join(first.path, 'blobs/aa/aa1'));
    await writeFile(join(first.path, 'blobs/aa/aa1'), 'short');
    await scene.backUp();
    expect(await findingsIn(scene.backups)).toEqual([]);
  });

  test('takes another directory as its base', async () => {
    const scene = await sceneWith('aa1');
    const first = await scene.backUp();
    const second = await scene.backUp({ destination: join(scene.root, 'elsewhere'), base: scene.backups });
    expect(second.base).toBe(first.path);
    const nothing = scene.backUp({ base: join(scene.root, 'nothing') });
    await expect(nothing).rejects.toMatchObject({ code: 'no_backup' });
  });

  test('does without an earlier one that is damaged, or of another store', async () => {
    const scene = await sceneWith('aa1');
    const first = await scene.backUp();
    await truncate(join(first.path, 'manifest.jsonl'), 300);
    const second = await scene.backUp();
    expect(second.base).toBeNull();
    const other = await BackupScene.open({ ...identity, storeId: '7'.repeat(32) });
    onTestFinished(() => other.close());
    await other.addBlob('aa1', bytesOf('another'));
    expect((await other.backUp({ destination: scene.backups })).base).toBeNull();
    const refused = other.backUp({ base: second.path });
    await expect(refused).rejects.toMatchObject({ code: 'other_store' });
  });

  test('lists a blob that the store has lost, and leaves out one that is to be removed', async () => {
    const scene = await sceneWith('aa1');
    await scene.commit(referenceTo('bb1'), referenceTo('cc1'), referenceTo('dd1', 'large'));
    const doomed = (id: string): Write => ({
      table: 'pendingDeletions',
      key: keys.pendingDeletions(id),
      put: { kind: 'blob', blobId: 'cc1' },
    });
    await scene.commit(doomed('cc1'), doomed('large'));
    const { blobs, end } = await scene.backUp();
    expect(blobs).toEqual({ kept: 0, shared: 1, copied: 0, missing: 1 });
    expect(end.missing).toBe(1);
    expect(await findingsIn(scene.backups)).toEqual([{ path: 'blobs/bb/bb1', kind: 'lost' }]);
    await scene.restore('again');
  });

  test('leaves out parts that a large file was finished without, and none of its others', async () => {
    const scene = await sceneWith();
    const partOf = (blobId: string, partNumber: number): Write => ({
      table: 'parts',
      key: keys.parts('large', partNumber),
      put: {
        ...{ fileId: 'large', partNumber, blobId, blobCheck: bytesOf('a', 32), size: 1, uploadTimestamp: 1 },
        ...{ checksums: { sha1: null, sha1Verified: false, md5: null }, seal: bytesOf('a', 32) },
      },
    });
    // Of the first three the references are there, of the others they are lost.
    for (const [index, blobId] of ['p1', 'p2', 'p3', 'p4', 'p5'].entries()) {
      await scene.commit(partOf(blobId, index + 1));
      if (index < 3) await scene.commit(referenceTo(blobId, 'large', index + 1));
    }
    await scene.commit({
      table: 'pendingDeletions',
      key: keys.pendingDeletions('large'),
      put: { kind: 'discarded', fileId: 'large', partNumbers: [1, 4] },
    });
    await scene.backUp();
    const lost = ['p2', 'p3', 'p5'].map((blobId) => ({ path: `blobs/${blobId}/${blobId}`, kind: 'lost' }));
    expect(await findingsIn(scene.backups)).toEqual(lost);
  });

  test('is none if blobs are removed beside it, and is taken up again by the next run', async () => {
    const scene = await sceneWith('aa1', 'bb1', 'cc1');
    const { metadata } = scene.store;
    const store = {
      metadata,
      copyMetadata: async (directory: string) => {
        await scene.store.copyMetadata(directory);
        await scene.store.blobs.delete('bb1');
        await scene.commit({ table: 'blobReferences', key: keys.blobReferences('bb1'), delete: true });
      },
    };
    await expect(scene.backUp({ store })).rejects.toMatchObject({ code: 'blobs_gone' });
    await expect(findingsIn(scene.backups)).rejects.toMatchObject({ code: 'no_backup' });
    await expect(scene.restore('again')).rejects.toMatchObject({ code: 'no_backup' });
    const [name] = await readdir(scene.backups);
    const { path, blobs } = await scene.backUp();
    expect(path).toBe(join(scene.backups, name!));
    expect(blobs).toMatchObject({ kept: 1, shared: 1 });
    expect(await findingsIn(path)).toEqual([]);
  });

  test('stops when it is told to, and goes on later with what it has', async () => {
    const scene = await sceneWith('aa1', 'bb1', 'cc1');
    const stopping = new AbortController();
    const onProgress = ({ files }: { readonly files: number }) => {
      if (files === 2) stopping.abort();
    };
    await expect(scene.backUp({ signal: stopping.signal, onProgress })).rejects.toThrow('abort');
    expect((await scene.backUp()).blobs).toMatchObject({ kept: 2, shared: 1 });
  });
});

describe('a restore', () => {
  test('refuses a place that is not empty, and what no backup is', async () => {
    const scene = await sceneWith('aa1');
    await expect(scene.restore('again')).rejects.toMatchObject({ code: 'no_backup' });
    await scene.backUp();
    await expect(scene.restore('data')).rejects.toMatchObject({ code: 'not_empty' });
  });

  const path = (backup: string) => join(backup, 'blobs/bb/bb1');
  test.each<[string, string, (backup: string) => Promise<unknown>]>([
    ['a blob is gone', 'damaged', (backup) => rm(path(backup))],
    ['a blob is shorter', 'damaged', (backup) => truncate(path(backup), 5)],
    ['a blob has other bytes', 'damaged', (backup) => writeFile(path(backup), bytesOf('xy'))],
    ['the metadata have other bytes', 'damaged', (backup) => flip(join(backup, 'metadata/data.mdb'), 5_000)],
    ['a line of the manifest is another', 'damaged', (backup) => flip(join(backup, 'manifest.jsonl'), 400)],
    ['the manifest’s first line is another', 'damaged', (backup) => flip(join(backup, 'manifest.jsonl'), 30)],
    ['the manifest was cut off', 'damaged', (backup) => cutLine(join(backup, 'manifest.jsonl'))],
  ])('notices that %s', async (_, code, damage) => {
    const scene = await sceneWith('aa1', 'bb1', 'cc1');
    const backup = await scene.backUp();
    await damage(backup.path);
    await expect(scene.restore('again')).rejects.toMatchObject({ code });
  });

  test('of another backup does not go on where one was interrupted', async () => {
    const scene = await sceneWith('aa1', 'bb1');
    const first = await scene.backUp();
    const bytes = await readFile(path(first.path));
    await scene.store.blobs.delete('aa1');
    await scene.commit({ table: 'blobReferences', key: keys.blobReferences('aa1'), delete: true });
    const second = await scene.backUp();
    await rm(path(first.path));
    await expect(scene.restore('again', first.path)).rejects.toMatchObject({ code: 'damaged' });
    await expect(scene.restore('again', second.path)).rejects.toMatchObject({ code: 'not_empty' });
    await writeFile(path(first.path), bytes);
    await scene.restore('again', first.path);
    expect(await filesIn(join(scene.root, 'again'))).toContain('blobs/aa/aa1');
  });
});

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at]! ^= 1;
  await writeFile(path, bytes);
}

async function cutLine(path: string): Promise<void> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, `${lines.slice(0, -2).join('\n')}\n`);
}
