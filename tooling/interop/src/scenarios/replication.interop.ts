import { expect, test } from 'vitest';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { upload } from '../harness/stored-files.ts';

interface PrintedRule {
  readonly replicationRuleName: string;
  readonly fileNamePrefix: string;
  readonly isEnabled: boolean;
  readonly priority: number;
  readonly includeExistingFiles: boolean;
  readonly destinationBucketId: string;
}

interface PrintedReplication {
  readonly bucketId: string;
  readonly replication: {
    readonly asReplicationSource: {
      readonly replicationRules: readonly PrintedRule[];
      sourceApplicationKeyId: string;
    } | null;
    readonly asReplicationDestination: {
      readonly sourceToDestinationKeyMapping: Readonly<Record<string, string>>;
    } | null;
  };
}

/** The configuration is stored and shown; no file is replicated, and none says that it was. */
const declare = (world: () => World): void => {
  const get = async (bucket: string): Promise<PrintedReplication> =>
    (await world().b2.json(['bucket', 'get', bucket])) as PrintedReplication;
  const rules = async (bucket: string): Promise<readonly PrintedRule[]> =>
    (await get(bucket)).replication.asReplicationSource?.replicationRules ?? [];

  test('setup, pause, unpause and delete change the rules, and keys are made for them', async () => {
    const { b2 } = world();
    const [source, target] = [await world().bucket(), await world().bucket()];
    const options = ['--name', 'my-rule', '--priority', '7', '--file-name-prefix', 'in/', '--include-existing-files'];
    await b2.ok(['replication', 'setup', ...options, source, target]);
    const { bucketId } = await get(target);
    expect(await rules(source)).toEqual([
      {
        ...{ replicationRuleName: 'my-rule', fileNamePrefix: 'in/', isEnabled: true, priority: 7 },
        ...{ includeExistingFiles: true, destinationBucketId: bucketId },
      },
    ]);
    const sourceKey = (await get(source)).replication.asReplicationSource?.sourceApplicationKeyId ?? '';
    const mapping = (await get(target)).replication.asReplicationDestination?.sourceToDestinationKeyMapping ?? {};
    expect(Object.keys(mapping)).toEqual([sourceKey]);
    const keys = await b2.ok(['key', 'list']);
    for (const keyId of [sourceKey, mapping[sourceKey] ?? '']) expect(keys).toContain(keyId);
    await b2.ok(['replication', 'setup', '--name', 'other-rule', source, target]);
    expect((await rules(source)).map(({ priority }) => priority)).toEqual([7, 12]);
    await b2.ok(['replication', 'pause', source, 'my-rule']);
    expect((await rules(source)).map(({ isEnabled }) => isEnabled)).toEqual([false, true]);
    expect(await b2.refused(['replication', 'pause', source, 'my-rule'])).toContain('could not be changed');
    await b2.ok(['replication', 'unpause', source, 'my-rule']);
    expect((await rules(source)).map(({ isEnabled }) => isEnabled)).toEqual([true, true]);
    await b2.ok(['replication', 'delete', source, 'my-rule']);
    expect((await rules(source)).map(({ replicationRuleName }) => replicationRuleName)).toEqual(['other-rule']);
    expect(await b2.refused(['replication', 'delete', source, 'my-rule'])).toContain('could not be found');
  });

  test('status counts the files, which wait to be replicated, except with SSE-C', async () => {
    const { b2, modes } = world();
    const [source, target] = [await world().bucket(), await world().bucket()];
    await b2.ok(['replication', 'setup', '--name', 'my-rule', source, target]);
    for (const name of ['a', 'b']) await upload(world(), source, world().file(name, 100), name, modes.none);
    await upload(world(), source, world().secretFile('c', 100), 'c', modes.sseC1);
    const status = ['replication', 'status', '--no-progress', '--output-format', 'json', '--rule', 'my-rule', source];
    expect(await b2.json(status)).toEqual({
      'my-rule': [
        expect.objectContaining({
          count: 2,
          source_replication_status: 'PENDING',
          destination_replication_status: null,
        }),
        expect.objectContaining({ count: 1, source_replication_status: null, destination_replication_status: null }),
      ],
    });
    expect(await b2.ok(['ls', '--long', '--replication', `b2://${source}`])).toMatch(
      / 100 +PENDING +a\n.* 100 +PENDING +b\n.* 100 +- +c$/,
    );
    expect(await b2.ok(['ls', '-r', `b2://${target}`])).toBe('');
    expect(await b2.refused(['replication', 'status', '--rule', 'none', source])).toContain(
      'no replication rule "none"',
    );
  });

  test('the configuration given on creation is shown, and a source takes no file lock', async () => {
    const { b2 } = world();
    const target = await world().bucket();
    const key = ['key', 'create', 'source-key', 'readFiles,readFileLegalHolds,readFileRetentions'];
    const [sourceApplicationKeyId = '', secret = ''] = (await b2.ok(key)).split(/\s+/);
    world().leaks.applicationKey(secret);
    const rule = {
      ...{
        replicationRuleName: 'given',
        fileNamePrefix: '',
        isEnabled: true,
        priority: 1,
        includeExistingFiles: false,
      },
      destinationBucketId: (await get(target)).bucketId,
    };
    const asReplicationSource = { replicationRules: [rule], sourceApplicationKeyId };
    const source = await world().bucket('--replication', JSON.stringify({ asReplicationSource }));
    expect((await get(source)).replication).toMatchObject({ asReplicationSource });
    expect(await b2.refused(['bucket', 'update', '--file-lock-enabled', source])).toContain('ERROR');
    expect(await get(source)).toMatchObject({ isFileLockEnabled: false });
  });
};

scenarios('replication commands', declare, [], httpOnly);
