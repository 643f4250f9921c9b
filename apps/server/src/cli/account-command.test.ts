import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authorize } from '../test-support/b2-calls.ts';
import { runCommand } from '../test-support/run-command.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

const made =
  /^ {2}Account {5}([0-9a-f]{12}) {2}\(Photos & more\)\n {2}Key id {6}\1\n {2}Key {9}(K001\S{27})\n.*--account \1\n$/s;

async function open() {
  const config = testConfig(await temporaryDirectory());
  const server = await start(config);
  const command = (...args: string[]) => runCommand(...args, '--data', config.data);
  return { config, server, command };
}

describe('coffer account', () => {
  it('makes an account beside a running server, which serves it at once', async () => {
    const { server, command } = await open();
    const creation = await command('account', 'create', 'Photos & more');
    expect(creation).toMatchObject({ code: 0, stderr: '' });
    const [, id = '', key = ''] = made.exec(creation.stdout) ?? [];
    const session = await authorize(server.urls.http!, id, key);
    expect(session.accountId).toBe(id);
    const bucketId = await session.createBucket('photos-of-another');
    expect((await session.upload(bucketId, 'a', Buffer.from('x'))).status).toBe(200);

    const secret = server.masterKey!.expose((text) => text);
    const first = await authorize(server.urls.http!, server.masterKeyId, secret);
    expect((await first.api('b2_list_buckets', { accountId: server.masterKeyId }))['buckets']).toEqual([]);

    const shown = await command('keys', 'show-master', '--account', id);
    expect(shown.stdout).toBe(`export B2_APPLICATION_KEY_ID=${id}\nexport B2_APPLICATION_KEY=${key}\n`);
    expect((await command('keys', 'show-master')).stdout).toContain(server.masterKeyId);
  });

  it('lists accounts, without their keys', async () => {
    const { server, command } = await open();
    await command('account', 'create', 'Photos & more');
    const { code, stdout } = await command('account', 'list');
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${server.masterKeyId}  .*Z  \\(the first`)));
    expect(lines).toContainEqual(expect.stringMatching(/^[0-9a-f]{12} {2}\S+Z {2}Photos & more$/));
    const json = await command('account', 'list', '--json');
    const names = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { name: unknown }).name);
    expect(new Set(names)).toEqual(new Set([null, 'Photos & more']));
    expect(stdout + json.stdout).not.toContain('K001');
  });

  it('refuses a name that there is, and one that cannot be printed', async () => {
    const { command } = await open();
    await command('account', 'create', 'one');
    expect(await command('account', 'create', 'one')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'coffer: The account cannot be made: There is an account of that name already.\n',
    });
    for (const args of [['a\nb'], [' '], []]) expect((await command('account', 'create', ...args)).code).toBe(2);
    expect((await command('keys', 'show-master', '--account', 'nobody')).code).toBe(2);
  });

  it('a start with --bucket says that another account has a bucket of that name', async () => {
    const { config, server, command } = await open();
    const creation = await command('account', 'create', 'Photos & more');
    const [, id = '', key = ''] = made.exec(creation.stdout) ?? [];
    await (await authorize(server.urls.http!, id, key)).createBucket('photos-1');
    await server.close();
    await expect(start(testConfig(join(config.data, '..'), { bucket: ['photos-1'] }))).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('Another account has a bucket named photos-1.') as string,
    });
  });

  it('needs a store', async () => {
    const data = await temporaryDirectory();
    for (const args of [['create', 'one'], ['list']])
      expect((await runCommand('account', ...args, '--data', data)).code).toBe(5);
  });
});
