import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rclone } from '../harness/rclone.ts';
import { logged, scenarios, type World } from '../harness/scenario.ts';
import { expectSameBytes } from '../harness/stored-files.ts';
import { makeTestFile, type TestFile } from '../harness/test-file.ts';
import { expectSameTree } from '../harness/tree.ts';

const files = { 'one.txt': 3000, empty: 0, 'dir/chunk.bin': 16_384, 'dir/ü/large.bin': 12_000_000 };
type Name = keyof typeof files;

scenarios('rclone', (world) => {
  const rclone = (): Rclone => new Rclone(join(world().folder, 'rclone'), world().endpoint, world().server.credentials);

  describe.each([{ bucketDefault: 'none' }, { bucketDefault: 'SSE-B2' }])(
    'with the default $bucketDefault',
    (given) => {
      test('copy, check, cat with offset, sync, delete', async () => {
        const { folder } = world();
        const remote = `coffer:${await world().bucket('--default-server-side-encryption', given.bucketDefault)}/tree`;
        const local = join(folder, 'tree');
        const tree = makeTree(world(), local, given.bucketDefault !== 'none');
        await rclone().ok('copy', local, remote);
        await expect.poll(() => world().requestsFor('b2_upload_part'), logged).toBeGreaterThan(2);
        await rclone().ok('check', '--download', local, remote);
        const cat = await rclone().ok('cat', '--offset', '16000', '--count', '50000', `${remote}/dir/ü/large.bin`);
        expectSameBytes(cat, tree['dir/ü/large.bin'].content.subarray(16_000, 66_000));
        makeTestFile(local, 'one.txt', 3500);
        rmSync(join(local, 'dir/chunk.bin'));
        await rclone().ok('sync', local, remote);
        expect((await rclone().ok('lsf', '-R', '--files-only', remote)).toString().trim().split('\n').sort()).toEqual([
          'dir/ü/large.bin',
          'empty',
          'one.txt',
        ]);
        await rclone().ok('copy', remote, join(folder, 'down'));
        expectSameTree(join(folder, 'down'), local);
        await rclone().ok('copyto', `${remote}/dir/ü/large.bin`, `${remote}/copied`);
        expectSameBytes(await rclone().ok('cat', `${remote}/copied`), tree['dir/ü/large.bin'].content);
        await rclone().ok('delete', remote);
        expect((await rclone().ok('lsf', '-R', '--files-only', remote)).toString()).toBe('');
      });
    },
  );

  test('the version under test is named', async () => {
    const version = (await rclone().ok('version')).toString().split('\n')[0] ?? '';
    console.log(`  rclone is ${version}`);
    expect(version).toMatch(/^rclone v1\./);
  });
});

function makeTree(world: World, root: string, secret: boolean): Record<Name, TestFile> {
  mkdirSync(join(root, 'dir/ü'), { recursive: true });
  const made = Object.entries(files).map(([name, size]) => [name, makeTestFile(root, name, size)] as const);
  for (const [, file] of made) if (secret) world.leaks.plaintext(file);
  return Object.fromEntries(made) as Record<Name, TestFile>;
}
