import { describe, expect, test } from 'vitest';
import { Scene, bytesOf, customer, startTime } from '../test-support/scene.ts';

describe('a snapshot', () => {
  test('has the selected files in it, as they were stored', async () => {
    const scene = await Scene.open();
    await scene.upload('photos/a.jpg', bytesOf(3_500));
    await scene.upload('photos/b.jpg', bytesOf(10, 1));
    await scene.upload('été', bytesOf(0));
    await scene.upload('other', bytesOf(20));
    const made = await scene.make({ files: [{ fileName: 'été' }], folders: ['photos/'] }, 'Holidays 2026');
    expect(made).toMatchObject({
      ...{ state: 'done', failure: null, selected: { files: 1, folders: 1 }, startedAt: startTime, endedAt: startTime },
      ...{ total: { files: 3, bytes: 3_510 }, done: { files: 3, bytes: 3_510 }, encrypted: { files: 0 } },
    });
    const [version] = await scene.stored();
    expect(version).toMatchObject({
      ...{ name: 'my-bucket/Holidays 2026.zip', action: 'upload', contentType: 'application/zip', size: made.size },
      encryption: { mode: 'none' },
    });
    expect(version?.partCount).toBe(Math.ceil((made.size ?? 0) / 1_000));
    expect(await scene.zip()).toEqual([
      ['photos/a.jpg', bytesOf(3_500)],
      ['photos/b.jpg', bytesOf(10, 1)],
      ['été', bytesOf(0)],
    ]);
    expect(scene.errors).toEqual([]);
  });

  test('leaves out what is encrypted, hidden, unfinished or an older version, and tells what is encrypted', async () => {
    const scene = await Scene.open();
    await scene.upload('again', bytesOf(5));
    await scene.upload('again', bytesOf(6));
    await scene.upload('b2', bytesOf(7), { mode: 'SSE-B2' });
    await scene.upload('c', bytesOf(8), customer());
    await scene.upload('hidden');
    await scene.storage.files.hide(scene.bucketId, 'hidden');
    await scene.storage.largeFiles.start({ bucketId: scene.bucketId, name: 'x', contentType: 'a/b', fileInfo: {} });
    expect(await scene.make()).toMatchObject({
      ...{ state: 'done', done: { files: 1, bytes: 6 } },
      encrypted: { files: 2, bytes: 15, names: ['b2', 'c'] },
    });
    expect(await scene.zip()).toEqual([['again', bytesOf(6)]]);
  });

  test('reads large files', async () => {
    const scene = await Scene.open();
    const { storage, bucketId } = scene;
    const { fileId } = await storage.largeFiles.start({ bucketId, name: 'large', contentType: 'a/b', fileInfo: {} });
    const parts = [bytesOf(5_000), bytesOf(3_000, 1)];
    for (const [index, data] of parts.entries()) {
      const body = {
        stream: (async function* () {
          await Promise.resolve();
          yield data;
        })(),
        length: data.length,
      };
      await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1 }, { body, sha1: { kind: 'computed' } });
    }
    const { parts: stored } = await storage.largeFiles.listParts({ fileId, limit: 10 });
    await storage.largeFiles.finish(
      fileId,
      stored.map(({ contentSha1 }) => contentSha1.sha1),
    );
    await scene.make();
    expect(await scene.zip()).toEqual([['large', Uint8Array.from(Buffer.concat(parts))]]);
  });

  test('tells which files it stores under other names', async () => {
    const scene = await Scene.open();
    for (const name of ['/a', 'b', 'b/c', 'folder/', 'x\\y'])
      await scene.upload(name, bytesOf(name === 'folder/' ? 0 : 4));
    const renamed = [
      { name: '/a', storedAs: '_renamed/%2Fa' },
      { name: 'b/c', storedAs: '_renamed/b%2Fc' },
      { name: 'x\\y', storedAs: '_renamed/x%5Cy' },
    ];
    expect(await scene.make()).toMatchObject({ state: 'done', renamed: { files: 3, names: renamed } });
    const names = (await scene.zip()).map(([name]) => name);
    expect(names).toEqual(['_renamed/%2Fa', 'b', '_renamed/b%2Fc', 'folder/', '_renamed/x%5Cy']);
  });

  test('is of the versions that are current when its turn comes, and leaves out what is deleted after that', async () => {
    const scene = await Scene.open();
    const old = await scene.upload('a', bytesOf(5));
    const ids = [{ fileId: old.fileId }, { fileName: 'gone' }];
    await scene.upload('a', bytesOf(6));
    await scene.upload('b');
    const made = await scene.make({ files: ids, folders: ['b'] });
    expect(made).toMatchObject({ state: 'done', done: { files: 1 }, absent: { files: 2, names: ['a', 'gone'] } });
  });

  test.each([
    [
      'is encrypted',
      async (scene: Scene) => {
        await scene.upload('c', bytesOf(8), customer());
      },
    ],
    ['is not there', () => Promise.resolve()],
  ])('fails where everything that is selected %s', async (_, prepare) => {
    const scene = await Scene.open();
    await prepare(scene);
    const made = await scene.make();
    expect(made).toMatchObject({ state: 'failed', failure: { code: 'nothing_to_store' } });
    expect(await scene.stored()).toEqual([]);
  });

  test('stays unencrypted where everything else is encrypted by default', async () => {
    const scene = await Scene.open();
    await scene.upload('a');
    const made = await scene.ask();
    const [bucket] = await scene.storage.buckets.list({
      accountId: scene.accountId,
      name: `b2-snapshots-${scene.accountId}`,
    });
    await scene.storage.buckets.update(bucket!.bucketId, { defaultEncryption: 'SSE-B2' });
    await scene.worker().round();
    expect(await scene.get(made.snapshotId)).toMatchObject({ state: 'done' });
    expect(await scene.stored()).toMatchObject([{ encryption: { mode: 'none' } }]);
  });
});

describe('the bucket of snapshots', () => {
  test('is made once, is private and keeps its type, and is no source of snapshots', async () => {
    const scene = await Scene.open();
    await scene.upload('a');
    await scene.make();
    await scene.make();
    const found = await scene.storage.buckets.list({ accountId: scene.accountId });
    const buckets = found.filter(({ type }) => type === 'snapshot');
    expect(buckets).toMatchObject([{ name: `b2-snapshots-${scene.accountId}` }]);
    const bucketId = buckets[0]!.bucketId;
    for (const type of ['allPublic', 'allPrivate'] as const)
      await expect(scene.storage.buckets.update(bucketId, { type })).rejects.toMatchObject({ code: 'invalid' });
    await expect(scene.storage.buckets.update(scene.bucketId, { type: 'snapshot' })).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(scene.ask({ bucketId, folders: [''] })).rejects.toMatchObject({ code: 'invalid' });
    // Both snapshots have the same name, and are versions of it.
    expect(await scene.stored()).toHaveLength(2);
  });

  test('is made again after it was deleted', async () => {
    const scene = await Scene.open();
    await scene.upload('a');
    const { snapshotId } = await scene.ask();
    const [bucket] = await scene.storage.buckets.list({
      accountId: scene.accountId,
      name: `b2-snapshots-${scene.accountId}`,
    });
    await scene.storage.buckets.delete(bucket!.bucketId);
    await scene.worker().round();
    expect(await scene.get(snapshotId)).toMatchObject({ state: 'done' });
    expect(await scene.zip()).toHaveLength(1);
  });
});
