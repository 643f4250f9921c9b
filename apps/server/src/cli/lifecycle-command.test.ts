import { systemClock, type Clock } from '@coffer/storage-ports';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Timer } from '../server/timer.ts';
import { authorize, type Session } from '../test-support/b2-calls.ts';
import { runCommand } from '../test-support/run-command.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);
const day = 86_400_000;
/** Of another start of the machine, so that nothing but the time itself is compared with the real clock. */
const days = (count: number): Clock => ({
  now: () => systemClock.now() + count * day,
  elapsed: () => ({ boot: 'another', milliseconds: performance.now() }),
});

async function lifecycle(data: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runCommand('lifecycle', 'run', '--data', data, ...args);
  return { code, stdout, stderr, lines: stdout.split('\n').filter((line) => line !== '') };
}

interface Listed {
  readonly files: readonly { readonly fileName: string; readonly action: string }[];
}

async function listed(session: Session, bucketId: string): Promise<string[]> {
  const { files } = (await session.api('b2_list_file_versions', { bucketId })) as unknown as Listed;
  return files.map(({ fileName, action }) => `${action} ${fileName}`);
}

/** A server two days ago, by its own clock, with a name of two versions and a rule for it. */
async function twoDaysAgo() {
  const config = testConfig(await temporaryDirectory());
  const server = await start(config, { clock: days(-2) });
  const secret = server.masterKey!.expose((text) => text);
  const session = await authorize(server.urls.http!, server.masterKeyId, secret);
  const bucketId = await session.createBucket('bucket-one');
  for (const name of ['a%20%22b%22', 'a%20%22b%22', 'other']) await session.upload(bucketId, name, Buffer.from('x'));
  const lifecycleRules = [{ fileNamePrefix: 'a', daysFromHidingToDeleting: 1, daysFromUploadingToHiding: 1 }];
  await session.api('b2_update_bucket', { bucketId, lifecycleRules });
  return { config, server, session, bucketId, secret };
}

describe('beside a running server', () => {
  it('lists what it would do, does it, and has nothing more to do', async () => {
    const { config, session, bucketId } = await twoDaysAgo();
    const versions = ['upload a "b"', 'upload a "b"', 'upload other'];
    const dry = await lifecycle(config.data, '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '2 actions to do; nothing was changed.\n' });
    expect(dry.lines).toEqual([
      expect.stringMatching(/^planned hide {16}bucket-one "a \\"b\\"" 4_z\w+$/),
      expect.stringMatching(/^planned delete-version {6}bucket-one "a \\"b\\"" 4_z\w+$/),
    ]);
    expect(await listed(session, bucketId)).toEqual(versions);
    const json = await lifecycle(config.data, '--dry-run', '--json');
    expect(json.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { kind: 'hide', result: 'planned', bucketName: 'bucket-one', name: 'a "b"' },
      { kind: 'delete-version', result: 'planned', bucketId, fileNamePrefix: 'a' },
    ]);
    const run = await lifecycle(config.data);
    expect(run).toMatchObject({ code: 0, stderr: '2 actions done.\n' });
    expect(run.lines.map((line) => line.slice(0, 8))).toEqual(['done    ', 'done    ']);
    expect(await listed(session, bucketId)).toEqual(['hide a "b"', 'upload a "b"', 'upload other']);
    expect(await lifecycle(config.data)).toMatchObject({ code: 0, stdout: '', stderr: '0 actions done.\n' });
    expect((await lifecycle(config.data, '--dry-run')).stderr).toBe('0 actions to do; nothing was changed.\n');
  });
});

it('works on a directory that no server runs on', async () => {
  const { config, server } = await twoDaysAgo();
  await server.close(0);
  expect((await lifecycle(config.data)).lines).toHaveLength(2);
  expect((await lifecycle(config.data)).lines).toEqual([]);
});

it('makes nothing where there is no data', async () => {
  const data = `${await temporaryDirectory()}/data`;
  expect(await lifecycle(data)).toMatchObject({
    code: 5,
    stdout: '',
    stderr: expect.stringContaining('no data') as string,
  });
});

it('is done by the server itself, on its clock', async () => {
  const { config, server, bucketId, secret } = await twoDaysAgo();
  await server.close(0);
  const wakeUps: (() => void)[] = [];
  const timer: Timer = (milliseconds, callback) => {
    // Ten seconds after the start, and a day later; whatever else is done in the background has other times.
    if (milliseconds === 10_000 || milliseconds === 86_400_000) wakeUps.push(callback);
    return () => undefined;
  };
  const log = collectLog();
  const again = await start(config, { timer, logDestination: log });
  const session = await authorize(again.urls.http!, again.masterKeyId, secret);
  wakeUps.shift()?.();
  await expect.poll(() => wakeUps.length).toBe(1);
  expect(await listed(session, bucketId)).toEqual(['hide a "b"', 'upload a "b"', 'upload other']);
  expect(log.text()).toContain('"done":{"hide":1,"delete-version":1}');
});
