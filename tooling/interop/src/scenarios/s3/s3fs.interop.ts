import { mkdirSync } from 'node:fs';
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientEnvironment } from '../../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../../harness/command.ts';
import type { Encryption } from '../../harness/encryption.ts';
import { b2Files, readByB2, writeByB2 } from '../../harness/s3/b2-side.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { withS3fs } from '../../harness/s3/s3fs.ts';
import { logged } from '../../harness/scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';
import { makeTestFile } from '../../harness/test-file.ts';

/** More than the smallest threshold of a multipart upload, which is 6 MiB. */
const largeSize = 6 * 1024 * 1024 + 70_000;

/** So much more than two parts that s3fs has the server copy one of them. */
const largerSize = 11 * 1024 * 1024;

/**
 * How a bucket is mounted. Where s3fs may copy parts of a stored file (`mixupload`), it begins the upload without its
 * encryption; and its copies of large files never have the customer key of their source (`copyapi`).
 */
const kinds = [
  { mode: 'none', options: [] },
  { mode: 'sseB2', options: ['nomixupload'] },
  { mode: 'sseC1', options: ['nomixupload', 'nocopyapi'] },
] as const;

s3Scenarios('s3fs', (world) => {
  const s3fs = withS3fs(world);
  // Nothing that touches a mounted folder may block this process, which reads what the server logs.
  const shell = async (program: string, ...args: readonly string[]): Promise<string> =>
    expectSuccess(await runCommand(program, args, { env: clientEnvironment({ home: world().folder }) }))
      .stdout.toString()
      .trim();
  const make = (folder: string, name: string, size: number, isSecret: boolean): Buffer => {
    const file = makeTestFile(folder, name, size);
    if (isSecret) world().leaks.plaintext(file);
    return file.content;
  };
  /** The names of all files of a bucket, which all have to be encrypted so. */
  const namesOf = async (bucket: string, { mode }: Encryption): Promise<readonly string[]> => {
    const files = await b2Files(world(), bucket);
    const stored = new Set(files.map(({ serverSideEncryption }) => serverSideEncryption.mode ?? 'none'));
    expect([...stored]).toEqual([mode]);
    return files.map(({ fileName }) => fileName);
  };

  test('the version under test is named', async () => {
    const version = (await shell('s3fs', '--version')).split('\n')[0] ?? '';
    console.log(`  s3fs is ${version}`);
    expect(version).toContain('File System V1.');
  });

  describe.each(kinds)('mounted with $mode', ({ mode, options }) => {
    const isSecret = mode !== 'none';
    const mounted = (bucket: string): Promise<string> =>
      s3fs.mount(bucket, { encryption: world().modes[mode], options });

    test('files and folders are written, changed, renamed and removed', async () => {
      const bucket = await world().bucket();
      const root = await mounted(bucket);
      const content = make(world().folder, 'source', 9000, isSecret);
      await mkdir(join(root, 'dir/ü +%'), { recursive: true });
      const path = join(root, 'dir/ü +%/file');
      await copyFile(join(world().folder, 'source'), path);
      await writeFile(join(root, 'empty'), '');
      expectSameBytes(await readFile(path), content);
      await appendFile(path, content.subarray(0, 100));
      expectSameBytes(await readFile(path), Buffer.concat([content, content.subarray(0, 100)]));
      await truncate(path, 5000);
      const file = await open(path, 'r+');
      await file.write(content, 0, 50, 4000);
      await file.close();
      const changed = Buffer.concat([content.subarray(0, 4000), content.subarray(0, 50), content.subarray(4050, 5000)]);
      await chmod(path, 0o640);
      await utimes(path, 0, 1_000_000_000);
      await rename(path, join(root, 'dir/renamed'));
      const { size, mode: permissions, mtimeMs } = await stat(join(root, 'dir/renamed'));
      expect([size, permissions & 0o777, mtimeMs]).toEqual([5000, 0o640, 1_000_000_000_000]);
      await symlink('renamed', join(root, 'dir/link'));
      expect(await readlink(join(root, 'dir/link'))).toBe('renamed');
      expectSameBytes(await readFile(join(root, 'dir/link')), changed);
      expectSameBytes(await readByB2(world(), bucket, 'dir/renamed', world().modes[mode]), changed);
      await rmdir(join(root, 'dir/ü +%'));
      await rename(join(root, 'dir'), join(root, 'folder'));
      expect(await readdir(root)).toEqual(['empty', 'folder']);
      expect(await namesOf(bucket, world().modes[mode])).toEqual(['empty', 'folder/', 'folder/link', 'folder/renamed']);
      await writeByB2(world(), bucket, 'folder/by B2', content, world().modes[mode]);
      expectSameBytes(await readFile(join(root, 'folder/by B2')), content);
      await rm(join(root, 'folder'), { recursive: true });
      expect(await readdir(root)).toEqual(['empty']);
    });

    test('a tree and a file of several parts are written, and read and changed by another mount', async () => {
      const { folder, modes } = world();
      const bucket = await world().bucket();
      const tree = join(folder, 'tree');
      mkdirSync(join(tree, 'one/two'), { recursive: true });
      mkdirSync(join(tree, 'nothing'));
      for (const name of ['a', 'one/b &#', 'one/two/漢']) make(tree, name, 5000, isSecret);
      make(tree, 'one/two/empty', 0, false);
      await symlink('one/two', join(tree, 'link'));
      const content = make(tree, 'large', largeSize, isSecret);
      const parts = world().requestsFor('UploadPart');
      const first = await mounted(bucket);
      await shell('cp', '-a', tree, first);
      await s3fs.unmount(first);
      await expect.poll(() => world().requestsFor('UploadPart'), logged).toBeGreaterThan(parts);
      const second = await mounted(bucket);
      await shell('cp', '-a', join(second, 'tree'), join(folder, 'back'));
      await shell('diff', '-r', '--no-dereference', tree, join(folder, 'back'));
      const attributes = (root: string): Promise<string> =>
        shell('sh', '-c', 'cd "$1" && find . -printf "%p %m %U\\n" | sort', 'find', root);
      expect(await attributes(join(folder, 'back'))).toBe(await attributes(tree));

      await rename(join(second, 'tree/large'), join(second, 'renamed'));
      const file = await open(join(second, 'renamed'), 'r+');
      const { buffer } = await file.read(Buffer.alloc(70_000), 0, 70_000, 5_200_000);
      expectSameBytes(buffer, content.subarray(5_200_000, 5_270_000));
      await file.write('changed', 3_000_000);
      await file.close();
      content.write('changed', 3_000_000);
      expectSameBytes(await readByB2(world(), bucket, 'renamed', modes[mode]), content);
      expect(await namesOf(bucket, modes[mode])).toContain('tree/one/b &#');
    });
  });

  test('the default of the bucket encrypts what s3fs writes with its usual settings', async () => {
    const { modes, folder } = world();
    const bucket = await world().bucket({ defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' } });
    const [small, large] = [make(folder, 'small', 3000, true), make(folder, 'large', largerSize, true)];
    const first = await s3fs.mount(bucket);
    for (const name of ['small', 'large']) await copyFile(join(folder, name), join(first, name));
    await s3fs.unmount(first);
    const copies = world().requestsFor('UploadPartCopy');
    // A mount that has not read the file changes its beginning, and lets the server copy the rest.
    const second = await s3fs.mount(bucket);
    const file = await open(join(second, 'large'), 'r+');
    await file.write('changed', 100);
    await file.close();
    large.write('changed', 100);
    await expect.poll(() => world().requestsFor('UploadPartCopy'), logged).toBeGreaterThan(copies);
    await rename(join(second, 'large'), join(second, 'renamed'));
    expectSameBytes(await readFile(join(second, 'small')), small);
    expectSameBytes(await readByB2(world(), bucket, 'renamed', modes.none), large);
    expect(await namesOf(bucket, modes.sseB2)).toEqual(['renamed', 'small']);
  });

  test('small files with a customer key are copied on the server; no other key and none reads them', async () => {
    const { sseC1, sseC2, none } = world().modes;
    const bucket = await world().bucket();
    const content = make(world().folder, 'source', 9000, true);
    const root = await s3fs.mount(bucket, { encryption: sseC1 });
    await copyFile(join(world().folder, 'source'), join(root, 'file'));
    const copies = world().requestsFor('CopyObject');
    await rename(join(root, 'file'), join(root, 'renamed'));
    await expect.poll(() => world().requestsFor('CopyObject'), logged).toBeGreaterThan(copies);
    expectSameBytes(await readFile(join(root, 'renamed')), content);
    expectSameBytes(await readByB2(world(), bucket, 'renamed', sseC1), content);
    await s3fs.unmount(root);
    for (const encryption of [sseC2, none]) {
      const other = await s3fs.mount(bucket, { encryption });
      expect(await readdir(other)).toEqual(['renamed']);
      // What s3fs may not ask about is empty to it.
      const read = await readFile(join(other, 'renamed')).catch(() => Buffer.alloc(0));
      expect(read.length).toBe(0);
      await s3fs.unmount(other);
    }
    expectSameBytes(await readByB2(world(), bucket, 'renamed', sseC1), content);
  });
});
