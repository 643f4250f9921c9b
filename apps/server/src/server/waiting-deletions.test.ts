import { createBackupLease } from '@coffer/storage-core';
import { systemClock, systemRandom } from '@coffer/storage-ports';
import { openLocalStore } from '@coffer/store-local';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { authorize } from '../test-support/b2-calls.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import type { Timer } from './timer.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

async function blobFiles(data: string): Promise<number> {
  const entries = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.parentPath.length > join(data, 'blobs').length).length;
}

it('lets deletions wait for a backup, and finishes them within a minute of its end', async () => {
  const config = testConfig(await temporaryDirectory(), { inlineThreshold: 0, lifecycleInterval: 0 });
  const wakeUps: (() => void)[] = [];
  const timer: Timer = (milliseconds, callback) => {
    if (milliseconds === 60_000) wakeUps.push(callback);
    return () => undefined;
  };
  const log = collectLog();
  const server = await start(config, { timer, logDestination: log });
  const session = await authorize(
    server.urls.http!,
    server.masterKeyId,
    server.masterKey!.expose((text) => text),
  );
  const bucketId = await session.createBucket('bucket-one');
  const { bytes } = await session.upload(bucketId, 'file', Buffer.from('some bytes'));
  const { fileId } = JSON.parse(bytes.toString()) as { fileId: string };
  const store = await openLocalStore({ directory: config.data });
  onTestFinished(() => store.close());
  const lease = createBackupLease({ metadata: store.metadata, clock: systemClock, random: systemRandom });
  await lease.take();
  await session.api('b2_delete_file_version', { fileName: 'file', fileId });
  wakeUps.shift()?.();
  await expect.poll(() => wakeUps.length).toBe(1);
  expect(await blobFiles(config.data)).toBe(1);
  await lease.release();
  wakeUps.shift()?.();
  await expect.poll(() => wakeUps.length).toBe(1);
  expect(await blobFiles(config.data)).toBe(0);
  expect(log.text()).toContain('"deletions":1,"msg":"finished the deletions that waited for a backup"');
});
