import { link, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { testPlaces } from '../test-support/temporary-place.ts';
import { findLockHolder, guardName, lockDirectory, lockName } from './directory-lock.ts';
import { listenWithPid } from './lock-socket.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);

/** What a killed server leaves: a socket's name that nobody listens on. */
async function leaveDeadLock(directory: string): Promise<void> {
  const server = await listenWithPid(directory, 'dying');
  await link(join(directory, 'dying'), join(directory, lockName));
  await rm(join(directory, 'dying'));
  await new Promise((resolve) => server.close(resolve));
}

describe.each(['short', 'long '.repeat(30).trim()])('a directory with a path that is %s', (name) => {
  async function place(): Promise<string> {
    const directory = join(await temporaryDirectory(), name);
    await mkdir(directory);
    return directory;
  }

  it('is held by one, who can be named', async () => {
    const directory = await place();
    const lock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
    await expect.poll(() => findLockHolder(directory)).toBe(process.pid);
    await lock.release();
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('can be taken again', async () => {
    const directory = await place();
    await (await lockDirectory(directory)).release();
    await (await lockDirectory(directory)).release();
  });

  it('is free after its holder was killed', async () => {
    const directory = await place();
    await leaveDeadLock(directory);
    expect(await findLockHolder(directory)).toBeUndefined();
    const lock = await lockDirectory(directory);
    await expect.poll(() => findLockHolder(directory)).toBe(process.pid);
    expect((await readdir(directory)).toSorted()).toEqual([guardName, lockName]);
    await lock.release();
  });
});

it('may be deep below a directory for temporary files that is deep itself', async () => {
  const directory = join(await temporaryDirectory(), 'long '.repeat(30).trim());
  await mkdir(directory);
  vi.stubEnv('TMPDIR', directory);
  onTestFinished(() => void vi.unstubAllEnvs());
  const lock = await lockDirectory(directory);
  expect(await findLockHolder(directory)).toBe(process.pid);
  await lock.release();
  expect(await readdir(directory)).toEqual([]);
});

it('removes what killed starts left, and not what another start listens on, its own lock moved aside perhaps', async () => {
  const directory = await temporaryDirectory();
  const other = await listenWithPid(directory, `${lockName}.other`);
  const killed = await listenWithPid(directory, 'killed');
  await link(join(directory, 'killed'), join(directory, `${lockName}.killed`));
  await new Promise((resolve) => killed.close(resolve));
  const lock = await lockDirectory(directory);
  expect((await readdir(directory)).toSorted()).toEqual([guardName, lockName, `${lockName}.other`]);
  await lock.release();
  await new Promise((resolve) => other.close(resolve));
});

it.each(['fresh', 'dead'])('goes to one of many that want it at once: %s', async (state) => {
  const directory = await temporaryDirectory();
  if (state === 'dead') await leaveDeadLock(directory);
  const tries = await Promise.allSettled(Array.from({ length: 2 }, () => lockDirectory(directory)));
  const won = tries.filter((result) => result.status === 'fulfilled');
  expect(won).toHaveLength(1);
  await won[0]!.value.release();
});

it('is held though its name was removed by hand, and says by whom', async () => {
  const directory = await temporaryDirectory();
  const lock = await lockDirectory(directory);
  await rm(join(directory, lockName));
  await expect(lockDirectory(directory)).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringContaining(`process ${process.pid}`) as string,
  });
  expect(await findLockHolder(directory)).toBe(process.pid);
  await lock.release();
  expect(await readdir(directory)).toEqual([]);
});

it('says why a directory cannot be locked', async () => {
  const missing = join(await temporaryDirectory(), 'missing');
  await expect(lockDirectory(missing)).rejects.toMatchObject({ code: 'data' });
});
