import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { authorize, call } from '../test-support/b2-calls.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import type { Timer } from './timer.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

/** A timer whose callbacks of a minute, which the scrub waits for and others too, a test lets run out. */
function minutes() {
  const waiting: (() => void)[] = [];
  const timer: Timer = (milliseconds, callback) => {
    if (milliseconds === 60_000) waiting.push(callback);
    return () => undefined;
  };
  return {
    timer,
    pass: () => {
      for (const callback of waiting.splice(0)) callback();
    },
  };
}

it('is done by the server itself: damage is in the log and in the metrics, and the next start knows of it', async () => {
  const settings = { inlineThreshold: 0, lifecycleInterval: 0, adminListen: '127.0.0.1:0', scrubInterval: 1_000 };
  const config = testConfig(await temporaryDirectory(), settings);
  const { timer, pass } = minutes();
  const log = collectLog();
  const server = await start(config, { timer, logDestination: log });
  const session = await authorize(
    server.urls.http!,
    server.masterKeyId,
    server.masterKey!.expose((text) => text),
  );
  await session.upload(await session.createBucket('bucket-one'), 'secret-name', Buffer.from('some bytes'));
  const blobs = join(config.data, 'blobs');
  const [folder] = (await readdir(blobs)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const [blobId] = await readdir(join(blobs, folder!));
  await rm(join(blobs, folder!, blobId!));
  pass();
  await expect.poll(() => log.text()).toContain('scrub: data is damaged');
  expect(log.text()).toContain(`"kind":"blob-missing"`);
  expect(log.text()).toContain(`scrub: The blob ${blobId!} is not there`);
  expect(log.text()).not.toContain('secret-name');
  const metrics = (await call(`${server.urls.admin!}/metrics`)).bytes.toString();
  expect(metrics).toContain('coffer_scrub_damaged 1\n');
  expect(metrics).toMatch(/^coffer_scrub_finished_timestamp_seconds [1-9]/m);
  const file = join(config.data, 'scrub.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ cursor: null });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await server.close(0);

  // A file that says nothing costs no more than a run that begins anew.
  await writeFile(file, 'garbled');
  const second = minutes();
  const later = collectLog();
  await start(config, { timer: second.timer, logDestination: later });
  second.pass();
  await expect.poll(() => later.text()).toContain('scrub: data is damaged');
  expect(later.text()).toContain('it begins anew');
});
