import { openLocalStore } from '@coffer/store-local';
import { expect, it, onTestFinished } from 'vitest';
import { authorize } from '../test-support/b2-calls.ts';
import { runCommand } from '../test-support/run-command.ts';
import { leaveOrphans } from '../test-support/store-changes.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

const linesOf = (log: { readonly text: () => string }) =>
  log
    .text()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

it('lists, restores and removes what a start put into quarantine, beside the server and without it', async () => {
  const config = testConfig(await temporaryDirectory());
  await (await start(config)).close();
  await leaveOrphans(config.data, ['orphan1', 'orphan2', 'orphan33']);
  const log = collectLog();
  const server = await start(config, { logDestination: log });
  expect(linesOf(log).find(({ msg }) => String(msg).includes('quarantine'))).toMatchObject({ level: 'warn', blobs: 3 });
  const place = ['--data', config.data, '--keys', config.keys];
  const list = () => runCommand('quarantine', 'list', '--json', ...place);
  const { stdout } = await list();
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([
    { blobId: 'orphan1', size: 7 },
    { blobId: 'orphan2', size: 7 },
    { blobId: 'orphan33', size: 8 },
  ]);
  expect(await runCommand('quarantine', 'purge', 'orphan1', ...place)).toMatchObject({
    code: 0,
    stdout: 'removed orphan1\n',
  });
  expect(await runCommand('quarantine', 'restore', 'orphan2', 'orphan1', ...place)).toMatchObject({
    code: 1,
    stdout: 'restored orphan2\n',
    stderr: 'orphan1 is not in quarantine\n',
  });
  await server.close();
  expect((await runCommand('quarantine', 'list', ...place)).stdout).toMatch(/^orphan33 {2}8 {2}2[0-9-]+T[0-9:.]+Z\n$/);
  expect(await runCommand('quarantine', 'purge', '--all', ...place)).toMatchObject({ code: 0 });
  expect(await runCommand('quarantine', 'list', ...place)).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'Nothing is in quarantine.\n',
  });
});

it('a start removes what has been in quarantine for --quarantine-days, and nothing younger', async () => {
  const root = await temporaryDirectory();
  await (await start(testConfig(root))).close();
  const { data } = testConfig(root);
  await leaveOrphans(data, ['young', 'old']);
  const store = await openLocalStore({ directory: data });
  const day = 86_400_000;
  await store.blobs.quarantine('young', Date.now() - day);
  await store.blobs.quarantine('old', Date.now() - 3 * day);
  await store.close();
  const held = async () => {
    const { stdout } = await runCommand('quarantine', 'list', '--data', data, '--keys', testConfig(root).keys);
    return stdout.split('\n').flatMap((line) => line.split(' ')[0] ?? []);
  };
  await (await start(testConfig(root))).close();
  expect(await held()).toEqual(['old', 'young', '']);
  await (await start(testConfig(root, { quarantineDays: '2' }))).close();
  expect(await held()).toEqual(['young', '']);
});

it('says which blobs are wanted when that is not clear', async () => {
  for (const args of [[], ['abc', '--all'], ['../abc']])
    expect(await runCommand('quarantine', 'restore', ...args)).toMatchObject({ code: 2 });
});

it('leaves everything where it is when the metadata is older than the blobs, says so, and serves', async () => {
  const config = testConfig(await temporaryDirectory());
  const first = await start(config);
  const secret = first.masterKey!.expose((text) => text);
  await first.close();
  const ids = Array.from({ length: 17 }, (_, n) => `orphan${n}`);
  await leaveOrphans(config.data, ids);
  const log = collectLog();
  const server = await start(config, { logDestination: log });
  expect(linesOf(log).find(({ concern }) => concern === 'metadata_older')).toMatchObject({ level: 'error', blobs: 17 });
  const session = await authorize(server.urls.http!, server.masterKeyId, secret);
  const bucketId = await session.createBucket('bucket-one');
  await session.upload(bucketId, 'file', Buffer.from('x'));
  await server.close();
  const store = await openLocalStore({ directory: config.data });
  expect(await store.blobs.list({ limit: 100 })).toEqual([...ids].sort());
  await store.close();
});
