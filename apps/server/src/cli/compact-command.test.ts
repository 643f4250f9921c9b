import { access, mkdir } from 'node:fs/promises';
import { compactionFolder } from '@coffer/store-local';
import { expect, it, onTestFinished } from 'vitest';
import { lockDirectory } from '../data/directory-lock.ts';
import { visitDirectory } from '../data/visitors.ts';
import { authorize } from '../test-support/b2-calls.ts';
import { runCommand } from '../test-support/run-command.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

it('compacts while nobody works on the directory, and the server goes on with the same data', async () => {
  const config = testConfig(await temporaryDirectory());
  const server = await start(config);
  const secret = server.masterKey!.expose((text) => text);
  const session = await authorize(server.urls.http!, server.masterKeyId, secret);
  await session.createBucket('bucket-one');
  const compact = () => runCommand('compact', '--data', config.data, '--keys', config.keys);
  const refused = await compact();
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('is in use by another server') as string });
  await server.close();
  const leave = await visitDirectory(config.data);
  expect(await compact()).toMatchObject({ code: 4, stderr: expect.stringContaining('Another command') as string });
  await leave();
  expect(await compact()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/had \d+ bytes and has \d+/) as string,
  });
  const again = await start(config);
  const { accountId, ...there } = await authorize(again.urls.http!, again.masterKeyId, secret);
  expect(await there.api('b2_list_buckets', { accountId })).toMatchObject({ buckets: [{ bucketName: 'bucket-one' }] });
});

it('a compaction that was killed hinders neither the next start nor the commands beside it', async () => {
  const config = testConfig(await temporaryDirectory());
  await (await start(config)).close();
  await mkdir(compactionFolder(config.data));
  await start(config);
  await expect(access(compactionFolder(config.data))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await runCommand('quarantine', 'list', '--data', config.data, '--keys', config.keys)).toMatchObject({
    code: 0,
  });
});

it('no command opens the store while its metadata is replaced', async () => {
  const config = testConfig(await temporaryDirectory());
  await (await start(config)).close();
  const lock = await lockDirectory(config.data);
  await mkdir(compactionFolder(config.data));
  const place = ['--data', config.data];
  const withKeys = [...place, '--keys', config.keys];
  const commands = [
    ['quarantine', 'list', ...withKeys],
    ['keys', 'show-master', ...withKeys],
    ['backup', `${config.data}-copy`, ...place],
  ];
  for (const args of commands)
    expect(await runCommand(...args)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('is being compacted') as string,
    });
  await lock.release();
});

it('says that there is no data', async () => {
  const directory = await temporaryDirectory();
  expect(await runCommand('compact', '--data', directory)).toMatchObject({ code: 5 });
});
