import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableNames } from '@coffer/storage-ports';
import { openLocalStore } from '@coffer/store-local';
import { describe, expect, test } from 'vitest';
import { dyingStores, hookedStores } from '../test-support/hooked-stores.ts';
import type { SnapshotWorker } from '../snapshot-worker.ts';
import { Scene, bytesOf, customer, memoryStores, type Stores } from '../test-support/scene.ts';

const content = [
  ['a', bytesOf(10)],
  ['b', bytesOf(2_500, 1)],
  ['c/d', bytesOf(700, 2)],
  ['e', bytesOf(0)],
] as const;

async function prepare(stores: Stores): Promise<string> {
  const scene = await Scene.open(stores);
  for (const [name, data] of content) await scene.upload(name, data);
  await scene.upload('secret', bytesOf(5), customer());
  return (await scene.ask()).snapshotId;
}

/** What a finished snapshot leaves: one ZIP file with everything in it, and nothing of what it was made with. */
async function expectDone(stores: Stores, snapshotId: string): Promise<void> {
  const scene = await Scene.open(stores);
  const snapshot = await scene.get(snapshotId);
  expect(snapshot).toMatchObject({
    state: 'done',
    done: { files: 4, bytes: 3_210 },
    encrypted: { files: 1, bytes: 5 },
  });
  expect(await scene.zip()).toEqual(content);
  await expectNothingLeft(stores);
}

async function expectNothingLeft({ metadata }: Stores): Promise<void> {
  const everything = { start: new Uint8Array(0), end: undefined, limit: 10_000 };
  for (const table of tableNames.filter((name) =>
    ['snapshotQueue', 'snapshotContents', 'unfinishedFiles', 'pendingDeletions'].includes(name),
  ))
    expect(await metadata.scan(table, everything)).toEqual([]);
}

describe('a server that is killed while it makes a snapshot', () => {
  test.each(['before', 'after'] as const)(
    '%s any change goes on with it at the next start, and makes one file',
    async (moment) => {
      let deaths = 0;
      for (let at = 1; ; at++) {
        const stores = memoryStores();
        const snapshotId = await prepare(stores);
        const dying = dyingStores(stores, at, moment);
        // Opening the storage changes nothing here, so all changes are the worker's.
        await (await Scene.open(dying)).worker().round();
        await (await Scene.open(stores)).worker().round();
        await expectDone(stores, snapshotId);
        if (!dying.died()) break;
        deaths++;
      }
      expect(deaths).toBeGreaterThan(12);
    },
  );

  test('again and again, makes it in the end', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    let starts = 0;
    for (let isDead = true; isDead; starts++) {
      // Three changes get through each time, so every start comes a little further.
      const dying = dyingStores(stores, 4 + (starts % 2), starts % 3 === 0 ? 'after' : 'before');
      await (await Scene.open(dying)).worker().round();
      isDead = dying.died();
      expect(starts).toBeLessThan(50);
    }
    await expectDone(stores, snapshotId);
  });

  test('stores no part again that is there', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    await (await Scene.open(dyingStores(stores, 14, 'before'))).worker().round();
    const before = await partsOf(stores);
    expect(before.length).toBeGreaterThan(1);
    await (await Scene.open(stores)).worker().round();
    const after = await partsOf(stores);
    expect(after.slice(0, before.length)).toEqual(before);
    await expectDone(stores, snapshotId);
  });

  test('finds a part that is another, and stores it again', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    await (await Scene.open(dyingStores(stores, 10, 'before'))).worker().round();
    const scene = await Scene.open(stores);
    const { upload } = await scene.get(snapshotId);
    const part = { fileId: upload!.fileId, partNumber: 1, isSnapshot: true } as const;
    const data = bytesOf(1_000, 9);
    const stream = (async function* () {
      await Promise.resolve();
      yield data;
    })();
    await scene.storage.largeFiles.uploadPart(part, { body: { stream, length: 1_000 }, sha1: { kind: 'computed' } });
    await scene.worker().round();
    await expectDone(stores, snapshotId);
  });

  test('leaves out what was deleted meanwhile, also where its parts were stored', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    await (await Scene.open(dyingStores(stores, 10, 'before'))).worker().round();
    const scene = await Scene.open(stores);
    await scene.remove(await scene.storage.files.getByName(scene.bucketId, 'b'));
    await scene.worker().round();
    expect(await scene.get(snapshotId)).toMatchObject({
      state: 'done',
      done: { files: 3 },
      deleted: { files: 1, names: ['b'] },
    });
    expect(await scene.zip()).toEqual(content.filter(([name]) => name !== 'b'));
    await expectNothingLeft(stores);
  });

  test('begins again where a lifecycle rule has cancelled the unfinished file meanwhile', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    await (await Scene.open(dyingStores(stores, 10, 'before'))).worker().round();
    const scene = await Scene.open(stores);
    const { upload } = await scene.get(snapshotId);
    const { bucketId, fileId } = upload!;
    const rule = { fileNamePrefix: '', daysFromUploadingToHiding: null, daysFromHidingToDeleting: null };
    const rules = [{ ...rule, daysFromStartingToCancelingUnfinishedLargeFiles: 1 }];
    await scene.storage.buckets.update(bucketId, { lifecycleRules: rules });
    scene.clock.advance(90_000_000);
    const results: string[] = [];
    for await (const { result } of scene.storage.lifecycle.run()) results.push(result);
    expect(results).toEqual(['done']);
    expect(await scene.stored()).toEqual([]);
    await scene.worker().round();
    expect((await scene.get(snapshotId)).upload?.fileId).not.toBe(fileId);
    await expectDone(stores, snapshotId);
  });

  test('lets nobody finish what is stored already, and goes on', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    await (await Scene.open(dyingStores(stores, 14, 'before'))).worker().round();
    const scene = await Scene.open(stores);
    const { largeFiles } = scene.storage.ofAccount(scene.accountId);
    const { fileId } = (await scene.get(snapshotId)).upload!;
    const { parts } = await largeFiles.listParts({ fileId, limit: 10 });
    expect(parts.length).toBeGreaterThan(1);
    const sha1s = parts.map(({ contentSha1 }) => contentSha1.sha1);
    const listed = parts.map(({ partNumber, entityTag }) => ({ partNumber, entityTag }));
    for (const finish of [() => largeFiles.finish(fileId, sha1s), () => largeFiles.complete(fileId, listed)])
      await expect(finish()).rejects.toMatchObject({ code: 'snapshot_unfinished' });
    await scene.worker().round();
    await expectDone(stores, snapshotId);
  });

  test('is cancelled where somebody has cancelled its unfinished file meanwhile', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    await (await Scene.open(dyingStores(stores, 10, 'before'))).worker().round();
    const scene = await Scene.open(stores);
    await scene.storage.largeFiles.cancel((await scene.get(snapshotId)).upload!.fileId);
    await scene.worker().round();
    expect(await scene.get(snapshotId)).toMatchObject({ state: 'cancelled', failure: null });
    expect(await scene.stored()).toEqual([]);
    expect(scene.errors).toEqual([]);
    await expectNothingLeft(stores);
  });
});

async function partsOf({ metadata }: Stores) {
  return metadata.scan('parts', { start: new Uint8Array(0), end: undefined, limit: 100 });
}

test('a worker that is stopped leaves the snapshot to the next one', async () => {
  const stores = memoryStores();
  const snapshotId = await prepare(stores);
  for (let at = 1; at < 8; at++) {
    const stopping: { worker?: SnapshotWorker } = {};
    const hooked = hookedStores(stores, {
      before: (call) => {
        if (call === at) void stopping.worker?.stop();
      },
    });
    const scene = await Scene.open(hooked);
    const worker = scene.worker();
    stopping.worker = worker;
    await worker.round();
    expect(scene.errors).toEqual([]);
    expect((await scene.get(snapshotId)).state).not.toBe('failed');
  }
  const last = await Scene.open(stores);
  const worker = last.worker({ pollMilliseconds: 5 });
  worker.start();
  while ((await last.get(snapshotId)).state !== 'done') await new Promise((resolve) => setTimeout(resolve, 5));
  await worker.stop();
  await expectDone(stores, snapshotId);
});

describe('a snapshot that is cancelled', () => {
  test('while it waits is not made', async () => {
    const scene = await Scene.open();
    await scene.upload('a');
    const { snapshotId } = await scene.ask();
    expect(await scene.snapshots.cancel(scene.accountId, snapshotId)).toMatchObject({ state: 'cancelled' });
    // At once, so that asking and cancelling again and again cannot fill the store.
    const queued: string[] = [];
    for await (const turn of scene.storage.snapshots.queued()) queued.push(turn.snapshotId);
    expect(queued).toEqual([]);
    await scene.worker().round();
    expect(await scene.get(snapshotId)).toMatchObject({ state: 'cancelled', startedAt: null });
    expect(await scene.stored()).toEqual([]);
  });

  test('at any moment leaves nothing, unless it is too late', async () => {
    const outcomes: string[] = [];
    for (let at = 1; ; at++) {
      const stores = memoryStores();
      const snapshotId = await prepare(stores);
      const other = await Scene.open(stores);
      let refused: unknown;
      const hooked = hookedStores(stores, {
        before: async (call) => {
          if (call === at)
            await other.snapshots.cancel(other.accountId, snapshotId).catch((error: unknown) => {
              refused = error;
            });
        },
      });
      const scene = await Scene.open(hooked);
      await scene.worker().round();
      const { state } = await scene.get(snapshotId);
      if (hooked.calls() < at) break;
      outcomes.push(state);
      if (state === 'done') {
        expect(refused).toMatchObject({ code: 'snapshot_ended' });
        await expectDone(stores, snapshotId);
      } else {
        expect({ state, refused }).toEqual({ state: 'cancelled', refused: undefined });
        expect(await scene.stored()).toEqual([]);
        await expectNothingLeft(stores);
      }
      expect(scene.errors).toEqual([]);
    }
    // First it can be cancelled, and from some moment on no more.
    expect(outcomes.lastIndexOf('cancelled')).toBeLessThan(outcomes.indexOf('done'));
    expect(outcomes.indexOf('done')).toBeGreaterThan(8);
  });

  test('cannot be cancelled again, nor one that is not there', async () => {
    const scene = await Scene.open();
    await scene.upload('a');
    const { snapshotId } = await scene.make();
    await expect(scene.snapshots.cancel(scene.accountId, snapshotId)).rejects.toMatchObject({ code: 'snapshot_ended' });
    for (const id of ['f'.repeat(32), '', 'é'])
      await expect(scene.snapshots.cancel(scene.accountId, id)).rejects.toMatchObject({ code: 'snapshot_missing' });
  });
});

test('over the embedded store, a snapshot survives that the store is closed in the middle', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-snapshots-'));
  try {
    const first = await openLocalStore({ directory });
    const snapshotId = await prepare(first);
    await (await Scene.open(dyingStores(first, 10, 'before'))).worker().round();
    await first.close();
    const second = await openLocalStore({ directory });
    await (await Scene.open(second)).worker().round();
    await expectDone(second, snapshotId);
    await second.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
