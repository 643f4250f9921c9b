import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Encryption } from '../harness/encryption.ts';
import { Rclone } from '../harness/rclone.ts';
import { logged, scenarios } from '../harness/scenario.ts';
import { expectSameBytes } from '../harness/stored-files.ts';
import { makeTestFile } from '../harness/test-file.ts';
import { expectSameTree } from '../harness/tree.ts';

scenarios('rclone with SSE-C', (world) => {
  const rclone = (encryption: Encryption): Rclone =>
    new Rclone(join(world().folder, `rclone ${encryption.label}`), world().endpoint, world().server.credentials, {
      build: 'current',
      encryption,
    });
  const makeSecret = (root: string, name: string, size: number): Buffer => {
    const file = makeTestFile(root, name, size);
    world().leaks.plaintext(file);
    return file.content;
  };

  test('copy, check, cat with offset, sync, server-side copy, cleanup', async () => {
    const client = rclone(world().modes.sseC1);
    const remote = `coffer:${await world().bucket()}/tree`;
    const local = join(world().folder, 'tree');
    mkdirSync(join(local, 'dir'), { recursive: true });
    makeSecret(local, 'one.txt', 3000);
    makeSecret(local, 'dir/empty', 0);
    const large = makeSecret(local, 'dir/large.bin', 12_000_000);
    await client.ok('copy', local, remote);
    await expect.poll(() => world().requestsFor('b2_upload_part'), logged).toBeGreaterThan(2);
    await client.ok('check', '--download', local, remote);
    const cat = await client.ok('cat', '--offset', '16000', '--count', '50000', `${remote}/dir/large.bin`);
    expectSameBytes(cat, large.subarray(16_000, 66_000));
    makeSecret(local, 'one.txt', 3500);
    rmSync(join(local, 'dir/empty'));
    await client.ok('sync', local, remote);
    await client.ok('copyto', `${remote}/dir/large.bin`, `${remote}/copied`);
    await expect.poll(() => world().requestsFor('b2_copy_file'), logged).toBe(1);
    expectSameBytes(await client.ok('cat', `${remote}/copied`), large);
    expect(await client.lines('lsf', '-R', '--files-only', '--b2-versions', remote)).toHaveLength(5);
    await client.ok('cleanup', remote);
    expect(await client.lines('lsf', '-R', '--files-only', '--b2-versions', remote)).toHaveLength(3);
    await client.ok('deletefile', `${remote}/copied`);
    await client.ok('copy', remote, join(world().folder, 'down'));
    expectSameTree(join(world().folder, 'down'), local);
  });

  test('nothing is read with another key', async () => {
    const remote = `coffer:${await world().bucket()}`;
    const local = join(world().folder, 'local');
    mkdirSync(local);
    const content = makeSecret(local, 'file', 20_000);
    await rclone(world().modes.sseC1).ok('copy', local, remote);
    expectSameBytes(await rclone(world().modes.sseC1).ok('cat', `${remote}/file`), content);
    // rclone takes every 400 of a download, which is the answer where no key is given, for a file that is not there.
    const { sseC2, none } = world().modes;
    const refusals = [
      { mode: sseC2, said: 'encryption key is wrong. (403 access_denied)' },
      { mode: none, said: 'object not found' },
    ];
    for (const { mode, said } of refusals) {
      const target = join(world().folder, `read with ${mode.label}`);
      const answer = await rclone(mode).run('copy', remote, target);
      expect(answer.code, answer.stderr).not.toBe(0);
      expect(answer.stderr).toContain(said);
      expect(existsSync(join(target, 'file'))).toBe(false);
    }
  });

  test('the version under test is named', async () => {
    const [version] = await rclone(world().modes.sseC1).lines('version');
    console.log(`  rclone is ${String(version)}`);
    expect(version).toMatch(/^rclone v1\./);
  });
});
