import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clientEnvironment } from '../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../harness/command.ts';
import { Rclone } from '../harness/rclone.ts';
import { scenarios } from '../harness/scenario.ts';
import { expectSameBytes } from '../harness/stored-files.ts';
import { makeTestFile } from '../harness/test-file.ts';

scenarios('rclone', (world) => {
  const rclone = (): Rclone => new Rclone(join(world().folder, 'rclone'), world().endpoint, world().server.credentials);

  test('old versions are listed and read, then cleaned up', async () => {
    const remote = `coffer:${await world().bucket()}`;
    const versions = [1000, 2000].map((size) => makeTestFile(world().folder, 'one.txt', size));
    const [old, current] = versions.map(({ content }) => content) as [Buffer, Buffer];
    await rclone().ok('rcat', `${remote}/gone.txt`);
    await rclone().ok('deletefile', `${remote}/gone.txt`);
    for (const content of [old, current]) await rclone().okWith(content, 'rcat', `${remote}/one.txt`);
    const listed = await rclone().lines('lsf', '--b2-versions', remote);
    expect(listed).toHaveLength(3);
    const oldName = listed.find((name) => /^one-v.*\.txt$/.test(name)) ?? '';
    expectSameBytes(await rclone().ok('cat', '--b2-versions', `${remote}/${oldName}`), old);
    await rclone().ok('cleanup', remote);
    expect(await rclone().lines('lsf', '--b2-versions', remote)).toEqual(['one.txt']);
    expectSameBytes(await rclone().ok('cat', `${remote}/one.txt`), current);
  });

  test('a hard delete leaves no version', async () => {
    const remote = `coffer:${await world().bucket()}`;
    const local = join(world().folder, 'local');
    mkdirSync(local);
    makeTestFile(local, 'soft', 100);
    makeTestFile(local, 'hard', 100);
    await rclone().ok('copy', local, remote);
    rmSync(local, { recursive: true });
    await rclone().ok('deletefile', `${remote}/soft`);
    await rclone().ok('deletefile', '--b2-hard-delete', `${remote}/hard`);
    const versions = await rclone().lines('lsf', '--b2-versions', remote);
    expect(versions).toHaveLength(1);
    expect(versions[0]).toMatch(/^soft-v/);
  });

  test('a link is read without rclone and without a key', async () => {
    const remote = `coffer:${await world().bucket()}`;
    const { content } = makeTestFile(world().folder, 'linked', 30_000);
    await rclone().okWith(content, 'rcat', `${remote}/dir/linked`);
    const [link] = await rclone().lines('link', '--expire', '1h', `${remote}/dir/linked`);
    const env = clientEnvironment({ home: world().folder, caFile: world().endpoint.caFile });
    const answer = await runCommand('curl', ['-sSf', String(link)], { env });
    expectSameBytes(expectSuccess(answer).stdout, content);
  });
});
