import { keys, type SnapshotRecord } from '@coffer/storage-ports';
import { describe, expect, test } from 'vitest';
import { bodyOf, createFixture, newFile, sampleBytes, sha1Of, uploadTo, type Fixture } from '../../test/fixture.ts';
import { newSnapshot } from '../../test/new-snapshot.ts';
import type { FileVersion, ListedPart, NewFile } from '../services/storage.ts';

const snapshotId = '1'.repeat(32);
const parts = [sampleBytes(200), sampleBytes(50, 1)];
const isSnapshot = true;

interface Scene extends Fixture {
  readonly snapshots: string;
  readonly start: (changes?: Partial<NewFile>) => Promise<FileVersion>;
  readonly change: (changes: Partial<SnapshotRecord>) => Promise<unknown>;
  readonly state: () => Promise<string | undefined>;
}

/** A bucket of snapshots, and a snapshot that is being made. */
async function scene(): Promise<Scene> {
  const fixture = await createFixture();
  const { storage, accountId, bucket } = fixture;
  const name = `b2-snapshots-${accountId}`;
  const { bucketId } = await storage.buckets.create({ accountId, name, type: 'snapshot', settings: {} });
  const record = newSnapshot(bucket, { snapshotId, state: 'running' });
  await storage.snapshots.add(record, [{ kind: 'folder', prefix: '' }], { active: 1, ended: 1 });
  return {
    ...fixture,
    snapshots: bucketId,
    start: (changes = {}) =>
      storage.largeFiles.start(
        newFile(bucketId, record.fileName, { fileInfo: { coffer_snapshot_id: snapshotId }, isSnapshot, ...changes }),
      ),
    change: (changes) =>
      storage.snapshots.change(accountId, snapshotId, (before) => ({ snapshot: { ...before, ...changes } })),
    state: async () => (await storage.snapshots.get(accountId, snapshotId))?.state,
  };
}

const uploadOf = ({ bucketId, fileId }: FileVersion) => ({ bucketId, fileId, partSize: 200, isFinishing: false });

async function listOf({ storage }: Pick<Fixture, 'storage'>, fileId: string): Promise<readonly ListedPart[]> {
  const { parts: stored } = await storage.largeFiles.listParts({ fileId, limit: 10 });
  return stored.map(({ partNumber, entityTag }) => ({ partNumber, entityTag }));
}

/** Everything by which a client could change the content of a large file, or make a file of it. */
async function writesOf({ storage, bucket }: Fixture, fileId: string) {
  const source = await uploadTo({ storage, bucket }, 'source', sampleBytes(300));
  const listed = await listOf({ storage }, fileId);
  return {
    uploadPart: () => storage.largeFiles.uploadPart({ fileId, partNumber: 1 }, bodyOf(sampleBytes(200, 9))),
    copyPart: () => storage.copies.copyPart({ source: { fileId: source.fileId }, fileId, partNumber: 1 }),
    complete: () => storage.largeFiles.complete(fileId, listed.slice(0, 1)),
    finish: () => storage.largeFiles.finish(fileId, parts.map(sha1Of)),
  };
}

async function fill({ storage }: Fixture, fileId: string): Promise<void> {
  for (const [index, data] of parts.entries())
    await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1, isSnapshot }, bodyOf(data));
}

describe('the unfinished ZIP file of a snapshot', () => {
  test.each([
    ['that is recorded', true, {}],
    ['that was started a moment ago', false, {}],
    ['that has failed, and is not removed yet', true, { state: 'failed' }],
    ['that was cancelled, and is not removed yet', true, { state: 'cancelled' }],
  ] as const)('%s is written and finished by its service only', async (_, isRecorded, changes) => {
    const it = await scene();
    const file = await it.start();
    const { fileId } = file;
    await fill(it, fileId);
    await it.change({ ...(isRecorded && { upload: uploadOf(file) }), ...changes });
    for (const write of Object.values(await writesOf(it, fileId)))
      await expect(write()).rejects.toMatchObject({ code: 'snapshot_unfinished', details: { snapshotId } });
    const { parts: stored } = await it.storage.largeFiles.listParts({ fileId, limit: 10 });
    expect(stored.map(({ contentSha1 }) => contentSha1.sha1)).toEqual(parts.map(sha1Of));
    expect(await it.storage.largeFiles.complete(fileId, await listOf(it, fileId), { isSnapshot })).toMatchObject({
      ...{ action: 'upload', size: 250, partCount: 2 },
    });
  });

  test('takes no part of a client whose data came while it was being recorded', async () => {
    const it = await scene();
    await it.change({ state: 'failed' });
    const file = await it.start();
    const { fileId } = file;
    const stream = (async function* () {
      yield sampleBytes(100);
      await it.change({ state: 'running', upload: uploadOf(file) });
      yield sampleBytes(100);
    })();
    const body = { body: { stream, length: 200 }, sha1: { kind: 'computed' } } as const;
    const uploaded = it.storage.largeFiles.uploadPart({ fileId, partNumber: 1 }, body);
    await expect(uploaded).rejects.toMatchObject({ code: 'snapshot_unfinished' });
    expect((await it.storage.largeFiles.listParts({ fileId, limit: 10 })).parts).toEqual([]);
  });

  test.each(['cancel', 'delete'] as const)('cancels the snapshot by the commit that removes it: %s', async (how) => {
    const it = await scene();
    const file = await it.start();
    await it.change({ upload: uploadOf(file) });
    it.clock.advance(1_000);
    const { name, fileId } = file;
    if (how === 'cancel') await it.storage.ofAccount(it.accountId).largeFiles.cancel(fileId);
    else await it.storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
    const snapshot = await it.storage.snapshots.get(it.accountId, snapshotId);
    expect(snapshot).toMatchObject({ state: 'cancelled', endedAt: it.clock.now(), failure: null });
    // The worker still has to remove the rest.
    const queued: string[] = [];
    for await (const turn of it.storage.snapshots.queued()) queued.push(turn.snapshotId);
    expect(queued).toEqual([snapshotId]);
  });

  test('does not cancel it where the service removes it, nor one that has ended', async () => {
    const it = await scene();
    const first = await it.start();
    await it.change({ upload: uploadOf(first) });
    await it.storage.largeFiles.cancel(first.fileId, { isSnapshot });
    expect(await it.state()).toBe('running');
    const second = await it.start();
    await it.change({ upload: uploadOf(second), state: 'failed' });
    await it.storage.largeFiles.cancel(second.fileId);
    expect(await it.state()).toBe('failed');
  });

  test('can be removed also where the record of the snapshot is damaged, and not written', async () => {
    const it = await scene();
    const file = await it.start();
    await fill(it, file.fileId);
    await it.change({ upload: uploadOf(file) });
    const key = keys.snapshots(it.accountId, snapshotId);
    const row = await it.metadata.get('snapshots', key);
    const put = { ...row!.value, bucketName: 'other' };
    await it.metadata.commit({ expectations: [], writes: [{ table: 'snapshots', key, put }] });
    for (const write of Object.values(await writesOf(it, file.fileId)))
      await expect(write()).rejects.toMatchObject({ code: 'record_damaged' });
    await it.storage.largeFiles.cancel(file.fileId);
    await expect(it.storage.largeFiles.get(file.fileId)).rejects.toMatchObject({ code: 'no_active_upload' });
  });
});

describe('a client’s own large file', () => {
  test.each<[string, (it: Scene) => Promise<FileVersion>]>([
    ['in the bucket of snapshots', (it) => it.start({ fileInfo: {} })],
    ['under another name', (it) => it.start({ name: 'other.zip' })],
    ['in another bucket', (it) => it.start({ bucketId: it.bucket.bucketId })],
    ['with the mark of no snapshot', (it) => it.start({ fileInfo: { coffer_snapshot_id: '2'.repeat(32) } })],
    ['with a mark that is no id', (it) => it.start({ fileInfo: { coffer_snapshot_id: '\u0000' } })],
    [
      'beside that of the snapshot, with the same name and mark',
      async (it) => {
        await it.change({ upload: uploadOf(await it.start()) });
        return it.start();
      },
    ],
  ])('%s stays its own', async (_, start) => {
    const it = await scene();
    const { fileId } = await start(it);
    await fill(it, fileId);
    const { uploadPart, copyPart, complete } = await writesOf(it, fileId);
    await uploadPart();
    await copyPart();
    await expect(complete()).rejects.toMatchObject({ code: 'part_tag_mismatch' });
    await it.storage.largeFiles.cancel(fileId);
    expect(await it.state()).toBe('running');
  });
});
