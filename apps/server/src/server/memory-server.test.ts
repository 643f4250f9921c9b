import { readdir } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { authorize } from '../test-support/b2-calls.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import type { MemoryServer } from './memory-server.ts';
import { startServer } from './start-server.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

function sessionOf({ urls, masterKeyId, masterKey }: MemoryServer) {
  return masterKey.expose((secret) => authorize(urls.http!, masterKeyId, secret));
}

it('serves from memory, without a word in the log, and forgets everything when it is closed', async () => {
  const log = collectLog();
  const options = { logDestination: log, environment: {} };
  const server = await startServer({ memory: true, encryptByDefault: true }, options);
  onTestFinished(() => server.close(0));
  const session = await sessionOf(server);
  await session.upload(await session.createBucket('my-bucket'), 'hello.txt', Buffer.from('Hello, world'));
  const { bytes, headers } = await session.download('my-bucket', 'hello.txt');
  expect([bytes.toString(), headers['x-bz-server-side-encryption']]).toEqual(['Hello, world', 'AES256']);
  await server.reload();
  await server.close();
  expect(log.text()).toBe('');

  const again = await startServer({ memory: true }, options);
  onTestFinished(() => again.close(0));
  const later = await sessionOf(again);
  expect(await later.api('b2_list_buckets', { accountId: later.accountId })).toEqual({ buckets: [] });
});

it('makes no file, also where it verifies in the background, and has the key id that it is given', async () => {
  const root = await temporaryDirectory();
  const log = collectLog();
  const settings = { memory: true, scrubInterval: 3_600, masterKeyId: '0123456789ab' } as const;
  const timer = (milliseconds: number, callback: () => void) => {
    if (milliseconds === 60_000) setImmediate(callback);
    return () => undefined;
  };
  const server = await start(testConfig(root, settings), { logDestination: log, timer });
  expect(server.masterKeyId).toBe('0123456789ab');
  await expect.poll(() => log.text()).toContain('scrub: all is whole');
  await server.close();
  expect(await readdir(root)).toEqual([]);
});

it('refuses settings that are wrong', async () => {
  await expect(startServer({ memory: true, listen: 'nowhere' })).rejects.toMatchObject({ code: 'config' });
});
