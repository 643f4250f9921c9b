import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileVersion } from '@coffer/storage-core';
import { StoreError, keys } from '@coffer/storage-ports';
import { countingPlan, faultyBlobStore, faultyMetadataStore } from '@coffer/storage-testkit';
import { openLocalStore } from '@coffer/store-local';
import { describe, expect, test } from 'vitest';
import { hookedStores, methodsOf } from '../test-support/hooked-stores.ts';
import { Scene, bytesOf, memoryStores, type Stores } from '../test-support/scene.ts';

async function prepare(stores: Stores): Promise<string> {
  const scene = await Scene.open(stores);
  await scene.upload('a', bytesOf(2_500));
  await scene.upload('b', bytesOf(900, 1));
  return (await scene.ask()).snapshotId;
}

async function expectFailed(stores: Stores, snapshotId: string, code: string): Promise<void> {
  const scene = await Scene.open(stores);
  const snapshot = await scene.get(snapshotId);
  expect(snapshot).toMatchObject({ state: 'failed', failure: { code } });
  expect(snapshot.failure?.message).toMatch(/^[A-Z].*\.$/);
  expect(await scene.stored()).toEqual([]);
  expect(await stores.metadata.scan('snapshotQueue', { start: new Uint8Array(0), end: undefined, limit: 1 })).toEqual(
    [],
  );
}

describe('a snapshot fails, and leaves nothing,', () => {
  test('where the disk is full', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    for (const failing of [1, 3]) {
      const plan = countingPlan({ failing, only: ['write'], fault: { kind: 'before', code: 'full' } });
      const other = await Scene.open(stores);
      const asked = failing === 1 ? snapshotId : (await other.ask()).snapshotId;
      const scene = await Scene.open({ ...stores, blobs: faultyBlobStore(stores.blobs, plan) });
      await scene.worker().round();
      expect(plan.fired).toBe(true);
      await expectFailed(stores, asked, 'storage_full');
      expect(scene.errors).toHaveLength(1);
    }
  });

  test('where the store of blobs fails', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    const plan = countingPlan({ failing: 2, only: ['write'] });
    await (await Scene.open({ ...stores, blobs: faultyBlobStore(stores.blobs, plan) })).worker().round();
    await expectFailed(stores, snapshotId, 'storage_unavailable');
  });

  test('where a file cannot be read, or is damaged, which is said with its name', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    const plan = countingPlan({ failing: 1, only: ['read'], fault: { kind: 'tear', bytes: 700 } });
    await (await Scene.open({ ...stores, blobs: faultyBlobStore(stores.blobs, plan) })).worker().round();
    await expectFailed(stores, snapshotId, 'storage_unavailable');
    const scene = await Scene.open(stores);
    const { blobId } = await scene.storage.files.getByName(scene.bucketId, 'a');
    await stores.blobs.delete(blobId!);
    await stores.blobs.write(
      blobId!,
      (async function* () {
        await Promise.resolve();
        yield bytesOf(2_500, 3);
      })(),
    );
    const second = await scene.make();
    await expectFailed(stores, second.snapshotId, 'file_damaged');
    expect((await scene.get(second.snapshotId)).failure?.message).toContain('"a"');
  });

  test('where the bucket was deleted, before it or meanwhile', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    const scene = await Scene.open(stores);
    const empty = async () => {
      for (const name of ['a', 'b']) await scene.remove(await scene.storage.files.getByName(scene.bucketId, name));
      await scene.storage.buckets.delete(scene.bucketId);
    };
    const hooked = hookedStores(stores, { before: (call) => (call === 3 ? empty() : undefined) });
    await (await Scene.open(hooked)).worker().round();
    expect(hooked.calls()).toBeGreaterThan(3);
    await expectFailed(stores, snapshotId, 'bucket_missing');
    const again = await prepare(stores);
    const other = await Scene.open(stores);
    for (const name of ['a', 'b']) await other.remove(await other.storage.files.getByName(other.bucketId, name));
    await other.storage.buckets.delete(other.bucketId);
    await other.worker().round();
    await expectFailed(stores, again, 'bucket_missing');
  });

  test('where its unfinished file is lost while it is written', async () => {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    const other = await Scene.open(stores);
    // As by a lifecycle rule, which knows nothing of snapshots.
    const lose = async () =>
      other.storage.largeFiles.cancel((await other.get(snapshotId)).upload!.fileId, { isSnapshot: true });
    const hooked = hookedStores(stores, {
      before: async (call) => {
        if (call === 8) await lose();
      },
    });
    await (await Scene.open(hooked)).worker().round();
    await expectFailed(stores, snapshotId, 'upload_lost');
  });
});

test('one whose unfinished file somebody cancels, at any moment, is cancelled, and leaves nothing', async () => {
  let cancelled = 0;
  for (let at = 1; ; at++) {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    const other = await Scene.open(stores);
    const told = { isCancelled: false };
    const hooked = hookedStores(stores, {
      before: async (call) => {
        const [file] = call === at ? await other.stored() : [];
        if (file?.action !== 'start') return;
        await other.storage.largeFiles.cancel(file.fileId);
        told.isCancelled = true;
      },
    });
    const scene = await Scene.open(hooked);
    await scene.worker().round();
    const { state } = await scene.get(snapshotId);
    expect(state).toBe(told.isCancelled ? 'cancelled' : 'done');
    expect(await scene.stored()).toHaveLength(told.isCancelled ? 0 : 1);
    expect(scene.errors).toEqual([]);
    if (told.isCancelled) cancelled++;
    if (hooked.calls() < at) break;
  }
  expect(cancelled).toBeGreaterThan(5);
});

test('a file that is deleted while it is read is left out, and the parts before it stay', async () => {
  const stores = memoryStores();
  const scene = await Scene.open(stores);
  const { storage, bucketId } = scene;
  await scene.upload('a', bytesOf(2_500));
  const { fileId } = await storage.largeFiles.start({ bucketId, name: 'b', contentType: 'a/b', fileInfo: {} });
  for (const partNumber of [1, 2, 3, 4]) {
    const data = bytesOf(3_000, partNumber);
    const body = {
      stream: (async function* () {
        await Promise.resolve();
        yield data;
      })(),
      length: data.length,
    };
    await storage.largeFiles.uploadPart({ fileId, partNumber }, { body, sha1: { kind: 'computed' } });
  }
  const { parts } = await storage.largeFiles.listParts({ fileId, limit: 10 });
  const large = await storage.largeFiles.finish(
    fileId,
    parts.map(({ contentSha1 }) => contentSha1.sha1),
  );
  const { snapshotId } = await scene.ask();
  let writes = 0;
  const hooked = hookedStores(stores, {
    before: async () => {
      if (++writes === 11) await scene.remove(large);
    },
  });
  const worked = await Scene.open(hooked);
  await worked.worker().round();
  expect(await scene.get(snapshotId)).toMatchObject({
    state: 'done',
    done: { files: 1 },
    deleted: { files: 1, names: ['b'] },
  });
  expect(await scene.zip()).toEqual([['a', bytesOf(2_500)]]);
  expect(worked.errors).toEqual([]);
});

test('files that are deleted again and again while they are read make it fail in the end, and are told', async () => {
  const stores = memoryStores();
  const scene = await Scene.open(stores);
  const names = Array.from({ length: 105 }, (_, number) => `f${String(number).padStart(3, '0')}`);
  const versions = new Map<string, FileVersion>();
  for (const name of names) {
    const version = await scene.upload(name, bytesOf(600));
    versions.set(version.blobId!, version);
  }
  const { snapshotId } = await scene.ask();
  let deleted = 0;
  // Each file is deleted when its content is about to be read.
  const blobs = methodsOf(stores.blobs, {
    read: async (blobId, range) => {
      const version = versions.get(blobId);
      versions.delete(blobId);
      if (version !== undefined) {
        await scene.remove(version);
        deleted++;
      }
      return stores.blobs.read(blobId, range);
    },
  });
  const worked = await Scene.open({ ...stores, blobs });
  await worked.worker().round();
  expect(deleted).toBe(100);
  await expectFailed(stores, snapshotId, 'files_changing');
  expect(worked.errors).toEqual([]);
});

test('a failure that cannot be recorded is tried again later', async () => {
  const stores = memoryStores();
  const snapshotId = await prepare(stores);
  let isBroken = true;
  const broken = () => {
    if (isBroken) throw new StoreError('full', 'No space');
  };
  const scene = await Scene.open(hookedStores(stores, { before: broken }));
  const worker = scene.worker();
  await worker.round();
  const told = scene.errors.length;
  expect(told).toBeGreaterThan(0);
  isBroken = false;
  await worker.round();
  expect(scene.errors).toHaveLength(told);
  expect(await scene.get(snapshotId)).toMatchObject({ state: 'waiting' });
  scene.clock.advance(30_000);
  await worker.round();
  expect(await scene.get(snapshotId)).toMatchObject({ state: 'done' });
});

test('one that cannot be read does not hold up the others', async () => {
  const stores = memoryStores();
  const first = await prepare(stores);
  const scene = await Scene.open(stores);
  const second = await scene.ask();
  const key = keys.snapshots(scene.accountId, first);
  const row = await stores.metadata.get('snapshots', key);
  await stores.metadata.commit({
    expectations: [],
    writes: [{ table: 'snapshots', key, put: { ...row!.value, bucketId: 'f'.repeat(24) } }],
  });
  await scene.worker().round();
  expect(await scene.get(second.snapshotId)).toMatchObject({ state: 'done' });
  await expect(scene.get(first)).rejects.toMatchObject({ code: 'record_damaged' });
  expect(scene.errors).toMatchObject([{ code: 'record_damaged' }]);
});

test('memory does not grow with the file, and everything else has its turn', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-snapshots-'));
  try {
    const store = await openLocalStore({ directory });
    const scene = await Scene.open(store);
    const size = 150 * 1024 * 1024;
    const piece = bytesOf(1024 * 1024);
    const stream = (async function* () {
      for (let left = size; left > 0; left -= piece.length) {
        await Promise.resolve();
        yield piece;
      }
    })();
    await scene.storage.files.upload(
      { bucketId: scene.bucketId, name: 'large', contentType: 'a/b', fileInfo: {} },
      { body: { stream, length: size }, sha1: { kind: 'computed' } },
    );
    const { snapshotId } = await scene.ask();
    globalThis.gc?.();
    const before = process.memoryUsage();
    let most = 0;
    let ticks = 0;
    const watch = setInterval(() => {
      ticks++;
      const { external, heapUsed } = process.memoryUsage();
      most = Math.max(most, external - before.external + heapUsed - before.heapUsed);
    }, 5);
    await scene.worker({ partSize: 100 * 1024 * 1024 }).round();
    clearInterval(watch);
    expect(await scene.get(snapshotId)).toMatchObject({ state: 'done', done: { files: 1, bytes: size } });
    expect(ticks).toBeGreaterThan(10);
    expect(most).toBeLessThan(80 * 1024 * 1024);
    await store.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test('a store that fails once at any call ends with a whole snapshot or none', async () => {
  const outcomes = new Set<string>();
  for (let failing = 1; ; failing++) {
    const stores = memoryStores();
    const snapshotId = await prepare(stores);
    const plan = countingPlan({ failing });
    const faulty = { metadata: faultyMetadataStore(stores.metadata, plan), blobs: faultyBlobStore(stores.blobs, plan) };
    // The opening of the scene reads, too.
    const scene = await Scene.open(faulty).catch(() => undefined);
    await scene?.worker().round();
    const next = await Scene.open(stores);
    await next.worker().round();
    const { state } = await next.get(snapshotId);
    outcomes.add(state);
    expect(await next.stored()).toHaveLength(state === 'done' ? 1 : 0);
    expect(['done', 'failed']).toContain(state);
    if (!plan.fired) break;
  }
  expect(outcomes).toEqual(new Set(['done', 'failed']));
});
