import { once } from 'node:events';
import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { spawnCommand } from '../test-support/cli-server.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);
vi.setConfig({ testTimeout: 180_000 });

/** Nothing is forbidden to root, so root's tests run the command as a user who owns nothing. */
const ordinaryUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Runs the command as an ordinary user; its exit code and what it said. */
async function run(...args: readonly string[]) {
  const child = spawnCommand(args, ['ignore', 'pipe', 'pipe'], {}, ordinaryUser);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

/** A directory that the ordinary user may go through, with one inside that it may neither read nor enter. */
async function closedDirectory(): Promise<string> {
  const root = await temporaryDirectory();
  await chmod(root, 0o755);
  const closed = join(root, 'closed');
  await mkdir(closed);
  return closed;
}

const listen = ['--listen', '127.0.0.1:0', '--admin-listen', 'off', '--console-listen', 'off'];

it('data that this user may not look at is not taken for none', async () => {
  const closed = await closedDirectory();
  const config = testConfig(closed);
  await (await start(config)).close();
  const before = await readdir(closed);
  await chmod(closed, 0o000);
  const { code, said } = await run('serve', '--data', config.data, ...listen);
  const compacted = await run('compact', '--data', config.data);
  await chmod(closed, 0o700);
  expect({ code, said }).toEqual({
    code: 5,
    said: `coffer: ${config.data} cannot be looked at: this user has no permission to use it (run this as its owner, or give it to this user with chown).\n`,
  });
  expect(compacted).toMatchObject({ code: 5, said: expect.stringContaining('no permission') as string });
  expect(await readdir(closed)).toEqual(before);
});

it('a place where this user may make nothing is told with what to do', async () => {
  const root = await temporaryDirectory();
  await chmod(root, 0o555);
  if (ordinaryUser.uid !== undefined) await chown(root, 0, 0);
  const { code, said } = await run('serve', '--data', join(root, 'data'), ...listen);
  expect(code).toBe(5);
  // Not even looked at, where the directory for temporary files is closed to others.
  expect(said).toMatch(/^coffer: .*data cannot be (?:used|looked at): .*run this as its owner, or give it to/);
  expect(await readdir(root)).toEqual([]);
  await chmod(root, 0o755);
});
