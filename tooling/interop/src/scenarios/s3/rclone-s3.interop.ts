import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RcloneS3 } from '../../harness/s3/rclone-s3.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { logged } from '../../harness/scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';
import { makeTestFile } from '../../harness/test-file.ts';
import { expectSameTree } from '../../harness/tree.ts';

/** More than one chunk. */
const largeSize = 5 * 1024 * 1024 + 70_000;

s3Scenarios('rclone over S3', (world) => {
  const make = (root: string, name: string, size: number, isSecret: boolean): Buffer => {
    const file = makeTestFile(root, name, size);
    if (isSecret) world().leaks.plaintext(file);
    return file.content;
  };

  describe.each(['none', 'sseB2', 'sseC1'] as const)('with %s', (mode) => {
    const isSecret = mode !== 'none';

    test('copy, check, cat with offset, sync, copies and moves on the server, streams, deletion', async () => {
      const client = new RcloneS3(world(), { encryption: world().modes[mode] });
      const remote = `coffer:${await world().bucket()}/tree`;
      const local = join(world().folder, 'tree');
      mkdirSync(join(local, 'dir/ü'), { recursive: true });
      make(local, 'one.txt', 3000, isSecret);
      make(local, 'empty', 0, isSecret);
      make(local, 'dir/a +%&#;=:@ \'"\\.bin', 16_384, isSecret);
      const large = make(local, 'dir/ü/large.bin', largeSize, isSecret);
      await client.ok('copy', local, remote);
      await expect.poll(() => world().requestsFor('UploadPart'), logged).toBeGreaterThan(1);
      await client.ok('check', '--download', local, remote);
      const cat = await client.ok('cat', '--offset', '16000', '--count', '50000', `${remote}/dir/ü/large.bin`);
      expectSameBytes(cat, large.subarray(16_000, 66_000));
      make(local, 'one.txt', 3500, isSecret);
      rmSync(join(local, 'empty'));
      await client.ok('sync', local, remote);
      await client.ok('copyto', `${remote}/dir/ü/large.bin`, `${remote}/copied`);
      await client.ok('moveto', `${remote}/copied`, `${remote}/dir/moved here`);
      await expect.poll(() => world().requestsFor('CopyObject'), logged).toBeGreaterThan(1);
      expectSameBytes(await client.ok('cat', `${remote}/dir/moved here`), large);
      await client.ok('deletefile', `${remote}/dir/moved here`);
      await client.ok('copy', remote, join(world().folder, 'down'));
      expectSameTree(join(world().folder, 'down'), local);
      for (const content of [large, large.subarray(0, 3000)]) {
        const streamed = await client.run(['rcat', '--streaming-upload-cutoff', '100k', `${remote}/streamed`], content);
        expect(streamed.code, streamed.stderr).toBe(0);
        expectSameBytes(await client.ok('cat', `${remote}/streamed`), content);
      }
      await client.ok('delete', remote);
      expect(await client.lines('lsf', '-R', '--files-only', remote)).toEqual([]);
    });
  });

  test.each([
    // Of a page that is followed by another, rclone decodes the last name twice.
    { version: '1', encoded: 'true', page: '1000' },
    { version: '1', encoded: 'false', page: '2' },
    { version: '2', encoded: 'true', page: '2' },
    { version: '2', encoded: 'false', page: '2' },
  ])('lists of version $version, URL-encoded: $encoded', async ({ version, encoded, page }) => {
    const variables = {
      RCLONE_S3_LIST_VERSION: version,
      RCLONE_S3_LIST_URL_ENCODE: encoded,
      RCLONE_S3_LIST_CHUNK: page,
    };
    const client = new RcloneS3(world(), { variables });
    const bucket = await world().bucket();
    const names = ['a b', 'a+b', 'a%20b', 'dir/1&2', 'dir/sub/<x>', 'ü/漢', '😀'].sort();
    for (const name of names) {
      const sent = await client.run(['rcat', `coffer:${bucket}/${name}`], Buffer.from(name));
      expect(sent.code, sent.stderr).toBe(0);
    }
    expect(await client.lines('lsf', '-R', '--files-only', `coffer:${bucket}`)).toEqual(names);
    expect(await client.lines('lsf', `coffer:${bucket}/dir`)).toEqual(['1&2', 'sub/']);
    for (const name of names) expect((await client.ok('cat', `coffer:${bucket}/${name}`)).toString()).toBe(name);
  });

  test('old versions are listed and read, and buckets are made and removed', async () => {
    const client = new RcloneS3(world());
    const bucket = world().bucketName();
    await client.ok('mkdir', `coffer:${bucket}`);
    for (const text of ['first', 'second!']) {
      const sent = await client.run(['rcat', `coffer:${bucket}/f.txt`], Buffer.from(text));
      expect(sent.code, sent.stderr).toBe(0);
    }
    const versions = await client.lines('lsf', '--s3-versions', `coffer:${bucket}`);
    expect(versions).toHaveLength(2);
    const old = versions.find((name) => name !== 'f.txt') ?? '';
    expect((await client.ok('cat', '--s3-versions', `coffer:${bucket}/${old}`)).toString()).toBe('first');
    await client.ok('cleanup', `coffer:${bucket}`);
    await client.ok('backend', 'cleanup-hidden', `coffer:${bucket}`);
    expect(await client.lines('lsf', '--s3-versions', `coffer:${bucket}`)).toEqual(['f.txt']);
    await client.ok('deletefile', `coffer:${bucket}/f.txt`);
    await client.ok('backend', 'cleanup-hidden', `coffer:${bucket}`);
    await client.ok('rmdir', `coffer:${bucket}`);
    expect(await client.lines('lsf', 'coffer:')).not.toContain(`${bucket}/`);
  });

  test('nothing is read with another key', async () => {
    const { sseC1, sseC2, none } = world().modes;
    const remote = `coffer:${await world().bucket()}`;
    const local = join(world().folder, 'local');
    mkdirSync(local);
    const content = make(local, 'file', 20_000, true);
    await new RcloneS3(world(), { encryption: sseC1 }).ok('copy', local, remote);
    expectSameBytes(await new RcloneS3(world(), { encryption: sseC1 }).ok('cat', `${remote}/file`), content);
    for (const encryption of [sseC2, none]) {
      const target = join(world().folder, `read with ${encryption.label}`);
      const answer = await new RcloneS3(world(), { encryption }).run(['copy', remote, target]);
      expect(answer.code, answer.stderr).not.toBe(0);
      expect(existsSync(join(target, 'file'))).toBe(false);
    }
  });

  test('the version under test is named', async () => {
    const version = (await new RcloneS3(world()).ok('version')).toString().split('\n')[0] ?? '';
    console.log(`  rclone is ${version}`);
    expect(version).toMatch(/^rclone v1\./);
  });
});
