import { expect, test } from 'vitest';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { upload } from '../harness/stored-files.ts';

const corsRule = {
  corsRuleName: 'download-from-a-page',
  allowedOrigins: ['https://page.example'],
  allowedOperations: ['b2_download_file_by_name', 'b2_download_file_by_id'],
  allowedHeaders: ['range'],
  exposeHeaders: ['x-bz-content-sha1'],
  maxAgeSeconds: 3600,
};
const lifecycleRule = { fileNamePrefix: 'logs/', daysFromUploadingToHiding: 7, daysFromHidingToDeleting: 1 };
const otherRule = { fileNamePrefix: 'tmp/', daysFromUploadingToHiding: null, daysFromHidingToDeleting: 2 };

interface PrintedSettings {
  readonly revision: number;
}

const declare = (world: () => World): void => {
  const get = async (name: string, ...options: readonly string[]): Promise<PrintedSettings> =>
    (await world().b2.json(['bucket', 'get', ...options, name])) as PrintedSettings;

  test('all settings given on creation are shown by get, list and the answer to an update', async () => {
    const { b2 } = world();
    const name = await world().bucket(
      ...['--bucket-info', '{"colour":"blue","owner":"me"}', '--cors-rules', JSON.stringify([corsRule])],
      ...['--lifecycle-rule', JSON.stringify(lifecycleRule), '--lifecycle-rule', JSON.stringify(otherRule)],
      ...['--default-server-side-encryption', 'SSE-B2', '--file-lock-enabled'],
    );
    const settings = {
      bucketName: name,
      bucketType: 'allPrivate',
      bucketInfo: { colour: 'blue', owner: 'me' },
      corsRules: [corsRule],
      defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' },
      isFileLockEnabled: true,
      defaultRetention: { mode: null },
    };
    expect(await get(name)).toMatchObject(settings);
    expect((await get(name)) as unknown).toHaveProperty('lifecycleRules', [
      expect.objectContaining(lifecycleRule),
      expect.objectContaining(otherRule),
    ]);
    const listed = (await b2.json(['bucket', 'list', '--json'])) as { bucketName: string }[];
    expect(listed.find(({ bucketName }) => bucketName === name)).toMatchObject(settings);
    // An update says nothing of what it leaves alone.
    expect(await b2.json(['bucket', 'update', name, 'allPublic'])).toMatchObject({
      ...settings,
      bucketType: 'allPublic',
    });
  });

  test('each setting is changed by itself, and each change is a new revision', async () => {
    const { b2 } = world();
    const name = await world().bucket();
    const changes = [
      { options: ['--bucket-info', '{"colour":"red"}'], shown: { bucketInfo: { colour: 'red' } } },
      { options: ['--cors-rules', JSON.stringify([corsRule])], shown: { corsRules: [corsRule] } },
      { options: ['--cors-rules', '[]'], shown: { corsRules: [] } },
      { options: ['--lifecycle-rule', JSON.stringify(otherRule)], shown: { lifecycleRules: [otherRule] } },
      { options: ['--lifecycle-rules', '[]'], shown: { lifecycleRules: [] } },
      { options: ['--file-lock-enabled'], shown: { isFileLockEnabled: true } },
      {
        options: ['--default-retention-mode', 'governance', '--default-retention-period', '3 days'],
        shown: { defaultRetention: { mode: 'governance', period: { duration: 3, unit: 'days' } } },
      },
      {
        options: ['--default-retention-mode', 'compliance', '--default-retention-period', '1 years'],
        shown: { defaultRetention: { mode: 'compliance', period: { duration: 1, unit: 'years' } } },
      },
      { options: ['--default-retention-mode', 'none'], shown: { defaultRetention: { mode: null } } },
      {
        options: ['--default-server-side-encryption', 'SSE-B2'],
        shown: { defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' } },
      },
    ];
    const { revision } = await get(name);
    for (const [at, { options, shown }] of changes.entries()) {
      expect(await b2.json(['bucket', 'update', ...options, name]), options.join(' ')).toMatchObject({
        ...shown,
        revision: revision + at + 1,
      });
    }
    expect(await get(name)).toMatchObject({
      ...{ bucketInfo: { colour: 'red' }, isFileLockEnabled: true, revision: revision + changes.length },
    });
  });

  test('an update that is refused for one setting changes none', async () => {
    const { b2 } = world();
    const name = await world().bucket('--bucket-info', '{"colour":"blue"}');
    const before = await get(name);
    const overlapping = [lifecycleRule, { ...otherRule, fileNamePrefix: 'logs/old/' }];
    const refusals: readonly [readonly string[], RegExp][] = [
      [['--lifecycle-rules', JSON.stringify(overlapping)], /ERROR/],
      [['--cors-rules', JSON.stringify([{ ...corsRule, maxAgeSeconds: -1 }])], /ERROR/],
      [['--default-retention-mode', 'governance', '--default-retention-period', '3 days'], /bucket_missing_file_lock/],
    ];
    for (const [options, text] of refusals) {
      expect(await b2.refused(['bucket', 'update', '--bucket-info', '{"colour":"red"}', ...options, name])).toMatch(
        text,
      );
    }
    expect(await get(name)).toEqual(before);
    expect(await b2.refused(['bucket', 'create', '--bucket-info', '{"b2-x":1}', `${name}-2`, 'allPrivate'])).toMatch(
      /ERROR/,
    );
  });

  test('the size of a bucket counts versions and hidden files', async () => {
    const { b2, modes } = world();
    const name = await world().bucket();
    await upload(world(), name, world().file('one', 1000), 'one', modes.none);
    await upload(world(), name, world().file('two', 500), 'one', modes.sseB2);
    await b2.ok(['file', 'hide', `b2://${name}/one`]);
    expect(await get(name, '--show-size')).toMatchObject({ fileCount: 3, totalSize: 1500 });
  });
};

scenarios('settings of a bucket', declare, [], httpOnly);
