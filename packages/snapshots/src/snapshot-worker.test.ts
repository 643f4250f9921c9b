import type { SnapshotRecord } from '@coffer/storage-ports';
import { streamOf } from '@coffer/bytes';
import { describe, expect, test } from 'vitest';
import { hookedStores, methodsOf } from './test-support/hooked-stores.ts';
import { Scene, bytesOf, memoryStores } from './test-support/scene.ts';

/** An account with a bucket and a file in it, which asks for snapshots of it. */
async function account(scene: Scene, name: string, size = 10) {
  const { accountId } = await scene.storage.accounts.create({ name });
  const own = scene.storage.ofAccount(accountId);
  const settings = { accountId, name: `bucket-of-${name}`, type: 'allPrivate', settings: {} } as const;
  const { bucketId } = await own.buckets.create(settings);
  await own.files.upload(
    { bucketId, name: 'file', contentType: 'a/b', fileInfo: {} },
    { body: { stream: streamOf(bytesOf(size)), length: size }, sha1: { kind: 'computed' } },
  );
  const selection = { bucketId, files: [], folders: [''] };
  const ask = async () => {
    scene.clock.advance(1);
    return scene.snapshots.create(accountId, { selection });
  };
  return { accountId, ask };
}

/** The names of the buckets of the snapshots that end, in this order. */
function endings() {
  const order: string[] = [];
  const onEnd = ({ bucketName, state }: SnapshotRecord) => {
    expect(state).toBe('done');
    order.push(bucketName.slice('bucket-of-'.length));
  };
  return { order, onEnd };
}

describe('accounts take turns', () => {
  test('however many snapshots one of them has in the queue', async () => {
    const scene = await Scene.open();
    const [a, b, c] = [await account(scene, 'a'), await account(scene, 'b'), await account(scene, 'c')];
    for (let number = 0; number < 5; number++) await a.ask();
    for (let number = 0; number < 2; number++) await b.ask();
    await c.ask();
    const { order, onEnd } = endings();
    await scene.worker({ snapshotsAtOnce: 1, onEnd }).round();
    expect(order.join('')).toBe('abcabaaa');
  });

  test('also where the server is restarted after each snapshot', async () => {
    const stores = memoryStores();
    const scene = await Scene.open(stores);
    const [a, b] = [await account(scene, 'a'), await account(scene, 'b')];
    for (let number = 0; number < 4; number++) await a.ask();
    await b.ask();
    await b.ask();
    const { order, onEnd } = endings();
    for (let start = 0; start < 6; start++) {
      const next = await Scene.open(stores);
      next.clock.advance(1_000 * (start + 1));
      const worker = next.worker({
        snapshotsAtOnce: 1,
        onEnd: (snapshot) => {
          onEnd(snapshot);
          void worker.stop();
        },
      });
      await worker.round();
    }
    expect(order.join('')).toBe('ababaa');
  });

  test('and have the snapshots of each in the order in which they were asked for, one at a time', async () => {
    const stores = memoryStores();
    const scene = await Scene.open(stores);
    const a = await account(scene, 'a', 3_000);
    const asked = [await a.ask(), await a.ask(), await a.ask()].map(({ snapshotId }) => snapshotId);
    let most = 0;
    const counting = hookedStores(stores, {
      before: async () => {
        const { snapshots } = await scene.snapshots.list(a.accountId);
        most = Math.max(most, snapshots.filter(({ state }) => state === 'running').length);
      },
    });
    const ended: string[] = [];
    const onEnd = ({ snapshotId }: SnapshotRecord) => ended.push(snapshotId);
    await (await Scene.open(counting)).worker({ onEnd }).round();
    expect(ended).toEqual(asked);
    expect(most).toBe(1);
  });

  test('part by part, so that a large snapshot of one delays another by one part', async () => {
    const { metadata, blobs } = memoryStores();
    const parts: string[] = [];
    let [writing, mostWriting] = [0, 0];
    const watched = {
      metadata: methodsOf(metadata, {
        commit: async (commit) => {
          // A store on a disk answers in a later turn of the event loop, too.
          await new Promise(setImmediate);
          for (const write of commit.writes)
            if (write.table === 'parts' && 'put' in write) parts.push(write.put.fileId);
          await metadata.commit(commit);
        },
      }),
      blobs: methodsOf(blobs, {
        write: async (...blob) => {
          mostWriting = Math.max(mostWriting, ++writing);
          await new Promise(setImmediate);
          return blobs.write(...blob).finally(() => writing--);
        },
      }),
    };
    const scene = await Scene.open(watched);
    const [a, b] = [await account(scene, 'a', 40_000), await account(scene, 'b', 5_000)];
    const [large, small] = [await a.ask(), await b.ask()];
    await scene.worker().round();
    const fileOf = async ({ accountId, snapshotId }: SnapshotRecord) => {
      const { state, upload } = (await scene.storage.snapshots.get(accountId, snapshotId))!;
      expect(state).toBe('done');
      return upload!.fileId;
    };
    const [largeFile, smallFile] = [await fileOf(large), await fileOf(small)];
    const order = parts.map((fileId) => (fileId === largeFile ? 'a' : fileId === smallFile ? 'b' : '?')).join('');
    expect(order).toMatch(/^a?(?:ba){5}b?a{30,}$/);
    expect(mostWriting).toBe(1);
  });

  test('so that no more than the chosen number are made at once', async () => {
    const stores = memoryStores();
    const scene = await Scene.open(stores);
    const accounts: Awaited<ReturnType<typeof account>>[] = [];
    for (const name of 'abcdef') accounts.push(await account(scene, name, 3_000));
    for (const { ask } of accounts) await ask();
    let most = 0;
    const counting = hookedStores(stores, {
      before: async () => {
        const lists = await Promise.all(accounts.map(({ accountId }) => scene.snapshots.list(accountId)));
        const running = lists.flatMap(({ snapshots }) => snapshots.filter(({ state }) => state === 'running'));
        most = Math.max(most, running.length);
      },
    });
    const { order, onEnd } = endings();
    await (await Scene.open(counting)).worker({ snapshotsAtOnce: 2, onEnd }).round();
    expect(most).toBe(2);
    expect(order.toSorted().join('')).toBe('abcdef');
  });
});

test('a started worker makes what is asked for while another account’s snapshot is being made', async () => {
  const stores = memoryStores();
  const scene = await Scene.open(stores);
  const [a, b] = [await account(scene, 'a', 30_000), await account(scene, 'b')];
  await a.ask();
  let calls = 0;
  const asking = hookedStores(stores, {
    before: async () => {
      if (++calls === 10) await b.ask();
      // The first snapshot goes on only when the second one has ended.
      if (calls > 30 && order.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    },
  });
  const { order, onEnd } = endings();
  const worker = (await Scene.open(asking)).worker({ onEnd, pollMilliseconds: 1 });
  worker.start();
  await expect.poll(() => order.join(''), { timeout: 30_000 }).toBe('ba');
  await worker.stop();
});
