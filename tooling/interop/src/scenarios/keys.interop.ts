import { expect, test } from 'vitest';
import type { B2Cli } from '../harness/b2-cli.ts';
import { writingWith } from '../harness/encryption.ts';
import { scenarios } from '../harness/scenario.ts';
import { upload } from '../harness/stored-files.ts';

scenarios('application keys', (world) => {
  let count = 0;

  /** Makes a key and a tool that uses it. */
  const restricted = async (
    capabilities: string,
    ...options: readonly string[]
  ): Promise<{ cli: B2Cli; keyId: string }> => {
    const name = `key-${++count}`;
    const printed = await world().b2.ok(['key', 'create', ...options, name, capabilities]);
    const [keyId = '', key = ''] = printed.split(/\s+/);
    world().leaks.applicationKey(key);
    const cli = world().anotherCli(name);
    await cli.authorize({ keyId, key });
    return { cli, keyId };
  };

  test('create, list and delete; a deleted key ends at once', async () => {
    const { b2 } = world();
    const { cli, keyId } = await restricted('listBuckets,listFiles,readFiles');
    expect(await b2.ok(['key', 'list'])).toContain(keyId);
    expect(await b2.ok(['key', 'list', '--long'])).toMatch(new RegExp(`${keyId} .*listBuckets,listFiles,readFiles`));
    await cli.ok(['bucket', 'list']);
    await b2.ok(['key', 'delete', keyId]);
    expect(await b2.ok(['key', 'list'])).not.toContain(keyId);
    expect(await cli.refused(['bucket', 'list'])).toMatch(/unauthorized|bad_auth_token|invalid/i);
  });

  test('a key without a capability is refused what needs it', async () => {
    const bucket = await world().bucket();
    const file = world().secretFile('file', 1000);
    await upload(world(), bucket, file, 'there', world().modes.sseB2);
    const { cli } = await restricted('listBuckets,listFiles');
    await cli.ok(['ls', `b2://${bucket}`]);
    for (const args of [
      ['file', 'upload', '--no-progress', bucket, file.path, 'name'],
      ['file', 'download', '--no-progress', `b2://${bucket}/there`, 'target'],
      ['rm', '--no-progress', `b2://${bucket}/there`],
      ['bucket', 'create', `${bucket}-2`, 'allPrivate'],
      ['bucket', 'delete', bucket],
      ['key', 'list'],
    ]) {
      expect(await cli.refused(args), args.join(' ')).toMatch(/unauthorized|not authorized|missing capabilities/i);
    }
    expect(await world().b2.ok(['ls', `b2://${bucket}`])).toBe('there');
  });

  test('a key for one bucket sees no other', async () => {
    const [mine, other] = [await world().bucket(), await world().bucket()];
    const file = world().secretFile('file', 1000);
    const { cli } = await restricted('listBuckets,listFiles,writeFiles,readFiles', '--bucket', mine);
    const uploading = (bucket: string): readonly string[] => [
      'file',
      'upload',
      '--no-progress',
      bucket,
      file.path,
      'f',
    ];
    await cli.ok(uploading(mine), writingWith(world().modes.sseC1));
    expect(await cli.refused(uploading(other))).toMatch(/restricted|unauthorized|not found/i);
    expect(await cli.refused(['ls', `b2://${other}`])).toMatch(/restricted|unauthorized|not found/i);
  });

  test('a key for a prefix writes and lists below it only', async () => {
    const bucket = await world().bucket();
    const file = world().secretFile('file', 1000);
    const { cli } = await restricted(
      'listBuckets,listFiles,writeFiles,readFiles',
      ...['--bucket', bucket, '--name-prefix', 'mine/'],
    );
    const uploading = (name: string): readonly string[] => ['file', 'upload', '--no-progress', bucket, file.path, name];
    await cli.ok(uploading('mine/file'), writingWith(world().modes.sseB2));
    await cli.ok(['ls', '-r', `b2://${bucket}/mine/`]);
    expect(await cli.refused(uploading('other/file'))).toMatch(/unauthorized|not authorized|restricted/i);
    expect(await cli.refused(['ls', '-r', `b2://${bucket}`])).toMatch(/unauthorized|not authorized|restricted/i);
  });

  test('the default encryption is written and read with its own capabilities only', async () => {
    const bucket = await world().bucket('--default-server-side-encryption', 'SSE-B2');
    const { cli } = await restricted('listBuckets,writeBuckets');
    expect(await cli.json(['bucket', 'get', bucket])).toMatchObject({ defaultServerSideEncryption: { mode: null } });
    expect(
      await cli.refused(['bucket', 'update', '--default-server-side-encryption', 'SSE-B2', bucket, 'allPrivate']),
    ).toMatch(/unauthorized|not authorized/i);
    expect(await world().b2.json(['bucket', 'get', bucket])).toMatchObject({
      defaultServerSideEncryption: { mode: 'SSE-B2' },
    });
  });
});
