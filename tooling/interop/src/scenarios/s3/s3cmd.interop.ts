import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { b2Files, readByB2, writeByB2 } from '../../harness/s3/b2-side.ts';
import { RcloneS3 } from '../../harness/s3/rclone-s3.ts';
import { customerKeyHeaders, listedNames, told, withS3Cmd } from '../../harness/s3/s3cmd.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { logged } from '../../harness/scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';
import { makeTestFile } from '../../harness/test-file.ts';
import { expectSameTree } from '../../harness/tree.ts';

/** The smallest chunk that s3cmd takes. */
const chunk = 5 * 1024 * 1024;

const odd = 'dir/a +%20&;=#?:@"\'ü漢😀';

s3Scenarios('s3cmd', (world) => {
  const s3cmd = withS3Cmd(world);

  const make = (root: string, name: string, size: number, isSecret: boolean): Buffer => {
    const file = makeTestFile(root, name, size);
    if (isSecret) world().leaks.plaintext(file);
    return file.content;
  };

  test('the version under test is named', async () => {
    const version = await s3cmd.ok('--version');
    console.log(`  s3cmd is ${version.trim()}`);
    expect(version).toMatch(/^s3cmd version 2\./);
  });

  describe.each(['none', 'sseB2'] as const)('with %s', (mode) => {
    const isSecret = mode !== 'none';
    const shown = isSecret ? 'AES256' : 'none';
    const client = s3cmd.with(...(isSecret ? ['--server-side-encryption'] : []));

    test('put, get, list, copy, move, modify, delete; B2 sees the same', async () => {
      const { folder, modes } = world();
      const bucket = await world().bucket();
      const at = (name: string): string => `s3://${bucket}/${name}`;
      const [small, large] = [make(folder, 'small', 3000, isSecret), make(folder, 'large', chunk + 7000, isSecret)];
      writeFileSync(join(folder, 'empty'), '');
      await client.ok('put', '--add-header=x-amz-meta-colour:blue', 'small', at(odd));
      await client.ok('put', 'empty', 'large', `s3://${bucket}/`);
      const parts = world().requestsFor('UploadPart');
      const streamed = await client.run(['put', '-', at('streamed')], large);
      expect(streamed.code, streamed.stderr).toBe(0);
      await expect.poll(() => world().requestsFor('UploadPart'), logged).toBeGreaterThanOrEqual(parts + 2);

      const contents = { [odd]: small, empty: Buffer.alloc(0), large, streamed: large };
      expect(listedNames(await client.ok('ls', '--recursive', `s3://${bucket}`))).toEqual(Object.keys(contents));
      const folders = ['dir/', 'empty', 'large', 'streamed'];
      expect(listedNames(await client.ok('ls', `s3://${bucket}`))).toEqual(folders);
      expect(await client.ok('du', `s3://${bucket}`)).toMatch(new RegExp(`^ *${2 * large.length + 3000} +4 objects`));
      for (const [name, content] of Object.entries(contents)) {
        expectSameBytes(await readByB2(world(), bucket, name, modes.none), content);
        await client.ok('get', '--force', at(name), 'target');
        expectSameBytes(readFileSync(join(folder, 'target')), content);
      }
      writeFileSync(join(folder, 'target'), large.subarray(0, 3_000_000));
      await client.ok('get', '--continue', at('large'), 'target');
      expectSameBytes(readFileSync(join(folder, 'target')), large);

      await client.ok('cp', at(odd), at('copied'));
      await client.ok('mv', at('large'), at('moved +'));
      await client.ok('modify', '--add-header=x-amz-meta-shape:round', '--mime-type=text/plain', at('copied'));
      const info = await client.ok('info', at('copied'));
      const about = ['SSE', 'x-amz-meta-colour', 'x-amz-meta-shape', 'MIME type'].map((name) => told(info, name));
      expect(about).toEqual([shown, 'blue', 'round', 'text/plain']);
      const listed = (await b2Files(world(), bucket)).map((file) => [file.fileName, file.serverSideEncryption.mode]);
      const label = isSecret ? 'SSE-B2' : null;
      expect(listed).toEqual(['copied', odd, 'empty', 'moved +', 'streamed'].map((name) => [name, label]));
      expectSameBytes(await readByB2(world(), bucket, 'copied', modes.none), small);
      expectSameBytes(await readByB2(world(), bucket, 'moved +', modes.none), large);

      await writeByB2(world(), bucket, 'by B2/ü', small, modes[mode]);
      expectSameBytes(await client.read(at('by B2/ü')), small);
      await client.ok('rm', at('streamed'), at('empty'));
      await client.ok('del', '--recursive', '--force', `s3://${bucket}`);
      expect(await client.ok('ls', '--recursive', `s3://${bucket}`)).toBe('');
    });
  });

  test('the default of a bucket encrypts what asks for nothing', async () => {
    const bucket = await world().bucket({ defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' } });
    for (const [name, size] of [
      ['large', chunk + 100],
      ['small', 3000],
    ] as const) {
      const content = make(world().folder, name, size, true);
      await s3cmd.ok('put', name, `s3://${bucket}`);
      expect(told(await s3cmd.ok('info', `s3://${bucket}/${name}`), 'SSE')).toBe('AES256');
      expectSameBytes(await s3cmd.read(`s3://${bucket}/${name}`), content);
    }
  });

  test('sync up, down and on the server, and what was removed is removed there', async () => {
    const client = s3cmd.with('--server-side-encryption');
    const remote = `s3://${await world().bucket()}/tree/`;
    const local = join(world().folder, 'local');
    mkdirSync(join(local, 'dir/ü'), { recursive: true });
    for (const name of ['one', 'two', 'dir/three', 'dir/ü/a +%&;#']) make(local, name, 3000, true);
    make(local, 'empty', 0, false);
    await client.ok('sync', 'local/', remote);
    expect(await client.ok('sync', 'local/', remote)).toBe('');
    rmSync(join(local, 'one'));
    make(local, 'two', 4000, true);
    const second = await client.ok('sync', '--delete-removed', 'local/', remote);
    expect([second.match(/^delete:/gm)?.length, second.match(/^upload:/gm)?.length]).toEqual([1, 1]);
    await client.ok('sync', remote, 'down/');
    expectSameTree(join(world().folder, 'down'), local);
    writeFileSync(join(world().folder, 'down/more'), 'not there');
    rmSync(join(world().folder, 'down/two'));
    await client.ok('sync', '--delete-removed', remote, 'down/');
    expectSameTree(join(world().folder, 'down'), local);
    await client.ok('sync', remote, remote.replace('/tree/', '/copy/'));
    await client.ok('sync', remote.replace('/tree/', '/copy/'), 'copy/');
    expectSameTree(join(world().folder, 'copy'), local);
  });

  test('an upload that was cut off is shown, continued without its first part, or aborted', async () => {
    const client = s3cmd.with('--server-side-encryption');
    const bucket = await world().bucket();
    const target = `s3://${bucket}/file`;
    const content = make(world().folder, 'file', chunk + 9000, true);
    const parts = world().requestsFor('UploadPart');
    const cutOff = (after: number) =>
      client.cutOff(['put', '-', target], content.subarray(0, chunk), () =>
        expect.poll(() => world().requestsFor('UploadPart'), logged).toBe(parts + after),
      );
    const idOf = async () => /^\S+Z\t\S+\t(\S+)$/m.exec(await client.ok('multipart', `s3://${bucket}`))?.[1] ?? '';
    await cutOff(1);
    const id = await idOf();
    expect(await client.ok('listmp', target, id)).toMatch(new RegExp(`\\t1\\t"[0-9a-f]{32}"\\t${chunk}\\n$`));
    const continued = await client.run(['put', '--continue-put', 'file', target]);
    expect(continued.code, continued.stderr).toBe(0);
    expect(continued.stderr).toContain(`match for ${target} part 1, skipping`);
    expectSameBytes(await client.read(target), content);
    await cutOff(3);
    await client.ok('abortmp', target, await idOf());
    expect(await idOf()).toBe('');
    expect(await client.refused('listmp', target, id)).toContain('404 (NoSuchUpload)');
  });

  test('a customer key can be sent as headers with what s3cmd writes at once', async () => {
    const { sseC1 } = world().modes;
    const client = s3cmd.with('--max-retries=0', ...customerKeyHeaders(sseC1));
    const reader = new RcloneS3(world(), { encryption: sseC1 });
    const bucket = await world().bucket();
    const at = (name: string): string => `s3://${bucket}/${name}`;
    const small = make(world().folder, 'small', 3000, true);
    make(world().folder, 'large', chunk + 1, true);
    // It takes every ETag for the MD5 of the content, and says so after the object has been stored.
    expect(await client.refused('put', 'small', at('put'))).toContain("MD5 Sums don't match!");
    expectSameBytes(await reader.ok('cat', `coffer:${bucket}/put`), small);
    const source = world().file('source', 2000).content;
    await writeByB2(world(), bucket, 'source', source, world().modes.none);
    await client.ok('cp', at('source'), at('copied'));
    expectSameBytes(await readByB2(world(), bucket, 'copied', sseC1), source);
    // None of these sends the headers on.
    const part = 'Subsequent part requests must include the appropriate encryption parameters';
    expect(await client.refused('put', 'large', at('large'))).toContain(part);
    for (const [command, ...more] of [['get', 'target'], ['info'], ['cp', at('again')]] as const) {
      expect(await client.refused(command, at('put'), ...more)).toContain('400 (Bad Request)');
    }
    const modes = (await b2Files(world(), bucket)).map((file) => [file.fileName, file.serverSideEncryption.mode]);
    expect(Object.fromEntries(modes)).toEqual({ copied: 'SSE-C', put: 'SSE-C', source: null });
  });
});
