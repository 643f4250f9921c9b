import { expect, test } from 'vitest';
import { scenarios } from '../harness/scenario.ts';
import { expectStored, upload, type PrintedFile } from '../harness/stored-files.ts';

interface ListedVersion extends PrintedFile {
  readonly action: string;
}

scenarios('versions', (world) => {
  const list = async (bucket: string, ...options: readonly string[]): Promise<ListedVersion[]> =>
    (await world().b2.json(['ls', '--json', '-r', ...options, `b2://${bucket}`])) as ListedVersion[];

  test('each upload is a version, the newest one is read, older ones by id', async () => {
    const { modes } = world();
    const bucket = await world().bucket();
    const older = world().secretFile('older', 5000);
    const newer = world().secretFile('newer', 30_000);
    const first = await upload(world(), bucket, older, 'name', modes.sseB2);
    const second = await upload(world(), bucket, newer, 'name', modes.sseC1);
    const versions = await list(bucket, '--versions');
    expect(versions.map(({ fileId }) => fileId)).toEqual([second.fileId, first.fileId]);
    expect(versions.map((one) => one.serverSideEncryption?.mode)).toEqual(['SSE-C', 'SSE-B2']);
    expect((await list(bucket)).map(({ fileId }) => fileId)).toEqual([second.fileId]);
    await expectStored(world(), `b2://${bucket}/name`, modes.sseC1, newer);
    await expectStored(world(), `b2id://${first.fileId}`, modes.none, older);
  });

  test('hide and unhide', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', 20_000);
    await upload(world(), bucket, file, 'name', modes.sseB2);
    await b2.ok(['file', 'hide', `b2://${bucket}/name`]);
    expect(await b2.ok(['ls', '-r', `b2://${bucket}`])).toBe('');
    expect((await list(bucket, '--versions')).map(({ action }) => action)).toEqual(['hide', 'upload']);
    expect(await b2.refused(['file', 'download', `b2://${bucket}/name`, 'x'])).toContain('ERROR');
    expect(await b2.refused(['file', 'hide', `b2://${bucket}/name`])).toContain('File already hidden');
    await b2.ok(['file', 'unhide', `b2://${bucket}/name`]);
    await expectStored(world(), `b2://${bucket}/name`, modes.none, file);
    expect(await b2.refused(['file', 'hide', `b2://${bucket}/absent`])).toContain('ERROR');
  });

  test('delete a version, a name, everything', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    const first = world().secretFile('first', 90_000);
    const ids: string[] = [];
    for (const file of [first, world().secretFile('second', 90_000)]) {
      ids.push((await upload(world(), bucket, file, 'dir/name', modes.sseC1)).fileId);
    }
    await b2.ok(['rm', '--no-progress', `b2id://${ids[1] ?? ''}`]);
    await expectStored(world(), `b2://${bucket}/dir/name`, modes.sseC1, first);
    await upload(world(), bucket, world().file('other', 12), 'other', modes.none);
    await b2.ok(['rm', '--no-progress', '--versions', '-r', `b2://${bucket}`]);
    expect(await list(bucket, '--versions')).toEqual([]);
    await b2.ok(['bucket', 'delete', bucket]);
  });

  test('folders are listed as such', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    const file = world().file('tiny', 3);
    for (const name of ['a/one', 'a/b/two', 'z.txt']) await upload(world(), bucket, file, name, modes.sseB2);
    expect((await b2.ok(['ls', `b2://${bucket}`])).split('\n')).toEqual(['a/', 'z.txt']);
    expect((await b2.ok(['ls', `b2://${bucket}/a`])).split('\n')).toEqual(['a/b/', 'a/one']);
    expect((await b2.ok(['ls', '-r', `b2://${bucket}`])).split('\n')).toEqual(['a/b/two', 'a/one', 'z.txt']);
  });
});
