import { expect, test } from 'vitest';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { sdkResults, upload } from '../harness/stored-files.ts';

const declare = (world: () => World): void => {
  test('account get shows what the server said; clear forgets it', async () => {
    const { b2, endpoint, server } = world();
    expect(await b2.json(['account', 'get'])).toMatchObject({
      applicationKeyId: server.credentials.keyId,
      ...{ apiUrl: endpoint.url, downloadUrl: endpoint.url, isMasterKey: true },
      allowed: { buckets: null, namePrefix: null },
    });
    await b2.ok(['account', 'clear']);
    expect(await b2.refused(['account', 'get'])).toContain('ERROR');
    await b2.authorize(server.credentials);
    expect(await b2.ok(['version'])).toContain('b2 command line tool');
  });

  test('a key with all capabilities, several buckets and a duration is listed as created', async () => {
    const { b2, modes } = world();
    const [one, two, other] = [await world().bucket(), await world().bucket(), await world().bucket()];
    const options = ['--bucket', one, '--bucket', two, '--duration', '3600', '--name-prefix', 'in/'];
    const capabilities = 'listBuckets,listFiles,readFiles,writeFiles,shareFiles';
    const created = await b2.ok(['key', 'create', ...options, 'two-buckets', capabilities]);
    const [keyId = '', key = ''] = created.split(/\s+/);
    world().leaks.applicationKey(key);
    const listed = await b2.ok(['key', 'list', '--long']);
    const row = listed.split('\n').find((line) => line.startsWith(keyId)) ?? '';
    expect(row).toMatch(/two-buckets .* \d{4}-\d\d-\d\d {3}\d\d:\d\d:\d\d {3}'in\/' {3}/);
    expect(row).toContain(capabilities);
    for (const name of [one, two]) expect(row).toContain(name);
    const cli = world().anotherCli('restricted');
    await cli.authorize({ keyId, key });
    const { allowed } = (await cli.json(['account', 'get'])) as {
      allowed: { buckets: { name: string }[]; namePrefix: string };
    };
    expect(allowed.buckets.map(({ name }) => name).sort()).toEqual([one, two].sort());
    expect(allowed.namePrefix).toBe('in/');
    const file = world().file('f', 10);
    for (const bucket of [one, two]) await cli.ok(['file', 'upload', '--no-progress', bucket, file.path, 'in/f']);
    await upload(world(), other, file, 'in/f', modes.none);
    expect(await cli.refused(['ls', `b2://${other}/in/`])).toMatch(/restricted|unauthorized|not found/i);
  });

  test('b2sdk finds a key by its id, one of several buckets only with an API that knows such keys', async () => {
    const { b2 } = world();
    const [one, two] = [await world().bucket(), await world().bucket()];
    const make = async (...options: readonly string[]): Promise<string> => {
      const [keyId = '', key = ''] = (await b2.ok(['key', 'create', ...options, 'by-id', 'listFiles'])).split(/\s+/);
      world().leaks.applicationKey(key);
      return keyId;
    };
    const ids = [
      ...[await make(), await make('--bucket', one, '--name-prefix', 'in/')],
      ...[await make('--bucket', one, '--bucket', two), 'absent'],
    ];
    // The session authorises as the SDK did before keys of several buckets.
    const found = await sdkResults(
      world(),
      one,
      ids.map((keyId) => ({ call: 'key', keyId })),
    );
    expect(found.map((json) => JSON.parse(json) as unknown)).toEqual([
      ...[
        ['by-id', null, ['listFiles']],
        ['by-id', 'in/', ['listFiles']],
      ],
      ...[null, null],
    ]);
    for (const keyId of ids.slice(0, 3)) expect(await b2.ok(['key', 'list'])).toContain(keyId);
  });

  test('all capabilities that the tool knows can be given', async () => {
    const { b2 } = world();
    const created = await b2.ok(['key', 'create', '--all-capabilities', 'everything']);
    const [keyId = '', key = ''] = created.split(/\s+/);
    world().leaks.applicationKey(key);
    const cli = world().anotherCli('everything');
    await cli.authorize({ keyId, key });
    const capabilities = async (tool: typeof cli): Promise<readonly string[]> =>
      ((await tool.json(['account', 'get'])) as { allowed: { capabilities: string[] } }).allowed.capabilities;
    expect(await capabilities(cli)).toEqual(expect.arrayContaining([...(await capabilities(b2))]));
  });
};

scenarios('account commands', declare, [], httpOnly);
