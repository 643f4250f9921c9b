import type { SnapshotCursor } from '@coffer/storage-ports';
import { faultyMetadataStore } from '@coffer/storage-testkit';
import { describe, expect, test } from 'vitest';
import type { Selection } from './selection.ts';
import { Scene, bytesOf, customer, memoryStores } from './test-support/scene.ts';

async function planned(scene: Scene, selection: Omit<Selection, 'bucketId'>) {
  const total = { files: 0, bytes: 0, encrypted: 0, encryptedBytes: 0, absent: 0, pages: 0 };
  for (let from: SnapshotCursor | null = { item: 0, after: null }; from !== null;) {
    const page = await scene.snapshots.plan(scene.accountId, { bucketId: scene.bucketId, ...selection }, from);
    total.pages++;
    total.files += page.files.files;
    total.bytes += page.files.bytes;
    total.encrypted += page.encrypted.files;
    total.encryptedBytes += page.encrypted.bytes;
    total.absent += page.absent.files;
    from = page.next;
  }
  return total;
}

describe('a plan', () => {
  test('counts in pages what would be stored and what is encrypted', async () => {
    const scene = await Scene.open();
    for (let number = 0; number < 5; number++) await scene.upload(`a/${number}`, bytesOf(number));
    await scene.upload('a/secret', bytesOf(7), customer());
    await scene.upload('b', bytesOf(100), { mode: 'SSE-B2' });
    expect(await planned(scene, { files: [], folders: [''] })).toEqual({
      ...{ files: 5, bytes: 10, encrypted: 2, encryptedBytes: 107, absent: 0 },
      pages: 3,
    });
    expect(await planned(scene, { files: [{ fileName: 'b' }, { fileName: 'x' }], folders: [] })).toMatchObject({
      ...{ files: 0, encrypted: 1, absent: 1 },
    });
  });

  test('lets everything else have its turn while many single files are looked up', async () => {
    const scene = await Scene.open();
    const { fileId } = await scene.upload('a');
    const files = Array.from({ length: 1_000 }, () => ({ fileId }));
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await scene.snapshots.plan(scene.accountId, { bucketId: scene.bucketId, files, folders: [] });
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  test('counts nothing twice', async () => {
    const scene = await Scene.open();
    const inside = await scene.upload('a/b/c');
    const beside = await scene.upload('a');
    const files = [
      ...[{ fileName: 'a' }, { fileName: 'a' }, { fileId: beside.fileId }],
      ...[{ fileName: 'a/b/c' }, { fileId: inside.fileId }],
    ];
    expect(await planned(scene, { files, folders: ['a/', 'a/b/', 'a/', 'z'] })).toMatchObject({ files: 2, bytes: 20 });
    expect(await scene.ask({ files, folders: ['a/', 'a/b/'] })).toMatchObject({ selected: { files: 1, folders: 1 } });
  });

  test.each<[string, Partial<Selection>, string]>([
    ['nothing', {}, 'invalid'],
    ['too many files', { files: Array.from({ length: 1_001 }, () => ({ fileName: 'a' })) }, 'invalid'],
    ['too many folders', { folders: Array.from({ length: 101 }, (_, n) => `${n}`) }, 'invalid'],
    ['a name that is too long', { folders: ['é'.repeat(513)] }, 'invalid'],
    ['a name that is no Unicode', { files: [{ fileName: '\ud800' }] }, 'invalid'],
    ['an empty name', { files: [{ fileName: '' }] }, 'invalid'],
    ['a file id that is none', { files: [{ fileId: 'x' }] }, 'file_missing'],
    ['another bucket', { bucketId: 'f'.repeat(24), folders: [''] }, 'bucket_missing'],
  ])('of %s is refused', async (_, selection, code) => {
    const scene = await Scene.open();
    const wanted = { bucketId: scene.bucketId, files: [], folders: [], ...selection };
    await expect(scene.snapshots.plan(scene.accountId, wanted)).rejects.toMatchObject({ code });
    await expect(scene.snapshots.create(scene.accountId, { selection: wanted })).rejects.toMatchObject({ code });
    expect((await scene.snapshots.list(scene.accountId)).snapshots).toEqual([]);
  });

  test('with the cursor of another selection is refused', async () => {
    const scene = await Scene.open();
    const selection = { bucketId: scene.bucketId, files: [], folders: [''] };
    const plan = scene.snapshots.plan(scene.accountId, selection, { item: 1, after: null });
    await expect(plan).rejects.toMatchObject({ code: 'invalid', details: { field: 'cursor' } });
  });
});

describe('snapshots', () => {
  test.each(['', 'a/b', 'x'.repeat(101), 'tab\t', '\ud800'])('have no title %j', async (title) => {
    const scene = await Scene.open();
    await expect(scene.ask({ folders: [''] }, title)).rejects.toMatchObject({
      code: 'invalid',
      details: { field: 'title' },
    });
  });

  test('are named by the time without a title', async () => {
    const scene = await Scene.open();
    expect(await scene.ask()).toMatchObject({ fileName: 'my-bucket/2026-11-30T09-30-01Z.zip', state: 'waiting' });
  });

  test('belong to an account: others neither see nor cancel them, nor make any of its buckets', async () => {
    const scene = await Scene.open();
    const { snapshotId } = await scene.ask();
    const other = (await scene.storage.accounts.create({ name: 'other' })).accountId;
    expect((await scene.snapshots.list(other)).snapshots).toEqual([]);
    await expect(scene.snapshots.cancel(other, snapshotId)).rejects.toMatchObject({ code: 'snapshot_missing' });
    const selection = { bucketId: scene.bucketId, files: [], folders: [''] };
    await expect(scene.snapshots.create(other, { selection })).rejects.toMatchObject({ code: 'bucket_missing' });
  });

  test('are listed in pages, newest first, and the oldest that have ended are forgotten', async () => {
    const scene = await Scene.open();
    await scene.upload('a');
    const ids: string[] = [];
    for (let number = 0; number < 105; number++) {
      scene.clock.advance(1_000);
      ids.push((await scene.make()).snapshotId);
    }
    const listed: string[] = [];
    for (let before: string | null | undefined; before !== null;) {
      const place: { before?: string } = before === undefined ? {} : { before };
      const { snapshots, next } = await scene.snapshots.list(scene.accountId, { ...place, limit: 30 });
      listed.push(...snapshots.map(({ snapshotId }) => snapshotId));
      before = next;
    }
    expect(listed).toEqual(ids.toReversed().slice(0, 101));
    expect(await scene.stored()).toHaveLength(105);
  });

  test('are made once for each requestId, whatever has become of them and of the selection', async () => {
    const scene = await Scene.open();
    const { accountId, bucketId } = scene;
    const a = await scene.upload('a');
    const selection = { bucketId, files: [{ fileId: a.fileId }, { fileName: 'b' }], folders: ['x/', 'y/'] };
    const same = {
      ...{ bucketId, files: [{ fileName: 'b' }, { fileId: a.fileId }, { fileName: 'b' }] },
      folders: ['y/', 'x/', 'y/'],
    };
    const ask = (asked: Selection, requestId: string, title?: string) =>
      scene.snapshots.create(accountId, { selection: asked, requestId, ...(title !== undefined && { title }) });
    const first = await ask(selection, 'retry-1_A');
    scene.clock.advance(5_000);
    expect(await ask(same, 'retry-1_A')).toEqual(first);
    await scene.worker().round();
    const done = await scene.get(first.snapshotId);
    expect(done.state).toBe('done');
    await scene.remove(a);
    expect(await ask(selection, 'retry-1_A')).toEqual(done);
    const refused = { code: 'request_id_taken', details: { requestId: 'retry-1_A' } };
    for (const other of [
      { ...selection, folders: ['x/'] },
      { ...selection, files: [{ fileName: 'b' }] },
      // A name is not an id.
      { ...selection, files: [{ fileName: a.fileId }, { fileName: 'b' }] },
      { ...selection, bucketId: 'f'.repeat(24) },
    ])
      await expect(ask(other, 'retry-1_A')).rejects.toMatchObject(refused);
    await expect(ask(selection, 'retry-1_A', 'title')).rejects.toMatchObject(refused);
    expect((await scene.snapshots.list(accountId)).snapshots).toEqual([{ ...done, isFileDeleted: false }]);
    const second = await ask({ ...selection, files: [{ fileName: 'b' }] }, 'retry-2');
    expect(second.snapshotId).not.toBe(first.snapshotId);
    const third = await ask({ ...selection, files: [{ fileName: 'b' }] }, 'retry-3');
    expect(third.snapshotId).not.toBe(second.snapshotId);
  });

  test('asked for at once with one requestId are one', async () => {
    const scene = await Scene.open();
    const wanted = { selection: { bucketId: scene.bucketId, files: [], folders: [''] }, requestId: 'one' };
    const asked = await Promise.all(Array.from({ length: 12 }, () => scene.snapshots.create(scene.accountId, wanted)));
    expect(new Set(asked.map(({ snapshotId }) => snapshotId)).size).toBe(1);
    expect((await scene.snapshots.list(scene.accountId)).snapshots).toHaveLength(1);
  });

  test.each(['', 'a b', 'x'.repeat(65), 'é', 'a\n'])('have no requestId %j', async (requestId) => {
    const scene = await Scene.open();
    const selection = { bucketId: scene.bucketId, files: [], folders: [''] };
    const asked = scene.snapshots.create(scene.accountId, { selection, requestId });
    await expect(asked).rejects.toMatchObject({ code: 'invalid', details: { field: 'requestId' } });
  });

  test('whose ZIP file was deleted are told as such, and can be taken off the list', async () => {
    const scene = await Scene.open();
    await scene.upload('a');
    const { snapshotId } = await scene.make();
    const waiting = await scene.ask();
    const listed = async () => (await scene.snapshots.list(scene.accountId)).snapshots;
    const forget = (id: string) => scene.snapshots.forget(scene.accountId, id);
    expect((await listed()).map(({ isFileDeleted }) => isFileDeleted)).toEqual([false, false]);
    for (const id of [snapshotId, waiting.snapshotId])
      await expect(forget(id)).rejects.toMatchObject({ code: 'invalid', details: { field: 'snapshotId' } });
    const [zip] = await scene.stored();
    await scene.remove(zip!);
    // Both may be of the same millisecond, in any order then.
    expect(new Map((await listed()).map((snapshot) => [snapshot.snapshotId, snapshot.isFileDeleted]))).toEqual(
      new Map([
        [waiting.snapshotId, false],
        [snapshotId, true],
      ]),
    );
    await forget(snapshotId);
    expect((await listed()).map((snapshot) => snapshot.snapshotId)).toEqual([waiting.snapshotId]);
    await expect(forget(snapshotId)).rejects.toMatchObject({ code: 'snapshot_missing' });
    await scene.snapshots.cancel(scene.accountId, waiting.snapshotId);
    await forget(waiting.snapshotId);
    expect(await listed()).toEqual([]);
  });

  test('are not told as deleted where the file could not be looked up', async () => {
    const stores = memoryStores();
    let isFailing = false;
    const metadata = faultyMetadataStore(stores.metadata, {
      next: (operation) => (isFailing && operation === 'get' ? { kind: 'before', code: 'io' } : undefined),
    });
    const scene = await Scene.open({ ...stores, metadata });
    await scene.upload('a');
    const { snapshotId } = await scene.make();
    isFailing = true;
    await expect(scene.snapshots.list(scene.accountId)).rejects.toMatchObject({ code: 'storage_unavailable' });
    await expect(scene.snapshots.forget(scene.accountId, snapshotId)).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    isFailing = false;
    expect((await scene.snapshots.list(scene.accountId)).snapshots).toMatchObject([
      { snapshotId, isFileDeleted: false },
    ]);
  });

  test('that wait are limited in number, also when they are asked for at once', async () => {
    const scene = await Scene.open();
    const asked = await Promise.allSettled(Array.from({ length: 15 }, () => scene.ask()));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    const limited = { code: 'too_many_snapshots', details: { limit: 10 } };
    expect(refused).toMatchObject(Array.from({ length: 5 }, () => limited));
    // One that has ended makes room for one.
    const { snapshots } = await scene.snapshots.list(scene.accountId);
    expect(snapshots).toHaveLength(10);
    await scene.snapshots.cancel(scene.accountId, snapshots[0]!.snapshotId);
    await scene.ask();
    await expect(scene.ask()).rejects.toMatchObject(limited);
  });
});
