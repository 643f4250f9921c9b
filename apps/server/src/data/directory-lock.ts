import { randomBytes } from 'node:crypto';
import { link, readdir, rename, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StartupError, systemErrorCode, systemReason } from '../startup-error.ts';
import { askPid, descriptorOf, listenWithPid } from './lock-socket.ts';

/** The socket's name in the data directory. Names that begin with it and a dot were left by interrupted starts. */
export const lockName = 'server.lock';

/** A second name of the same socket, so that a lock whose first name was removed by hand still holds. */
export const guardName = '.server.lock';

/** The right to work on a data directory. */
export interface DirectoryLock {
  /**
   * A file descriptor that child processes may inherit: the lock is then held until the last of them has ended,
   * whatever becomes of this process.
   */
  readonly descriptor: number;
  /** Idempotent. */
  release(): Promise<void>;
}

/**
 * Other processes may take and release the lock between two steps of this one. After this many attempts, something else
 * must be wrong.
 */
const attempts = 10;

/** Milliseconds to wait for a holder that does not answer. */
const patienceMs = 15_000;
const askAgainMs = 50;

/**
 * Takes the data directory for this process alone.
 *
 * The lock is a Unix socket with a fixed name that the holder listens on. It ends with the process, however that ends,
 * because the system then refuses connections; it works between containers that share the directory, where process ids
 * would mislead; and it can be asked who holds it. LMDB's own locks do not serve: they let several processes in, by
 * design.
 *
 * @throws StartupError `in_use` if a server holds it, `data` if the directory cannot hold a socket.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const mine = freshName();
  const server = await listen(directory, mine);
  try {
    await claimBoth(directory, mine);
    await removeLeftovers(directory);
  } catch (error) {
    server.close();
    await rm(join(directory, mine), { force: true });
    throw error;
  }
  return { descriptor: descriptorOf(server), release: once(() => release(directory, server)) };
}

/** The process that holds the lock; null if it does not say its id, undefined if there is none. */
export async function findLockHolder(directory: string): Promise<number | null | undefined> {
  const holder = await askPid(directory, guardName);
  return holder === undefined ? askPid(directory, lockName) : holder;
}

async function listen(directory: string, name: string): Promise<Server> {
  try {
    return await listenWithPid(directory, name);
  } catch (cause) {
    throw new StartupError(
      'data',
      `The data directory ${directory} cannot be locked: ${systemReason(cause)}. It must be a directory on a ` +
        'local file system that this user may write to.',
      { cause },
    );
  }
}

/**
 * Claims the guard first: if somebody removed the other name by hand, the holder of the lock is found before anything
 * is changed.
 */
async function claimBoth(directory: string, mine: string): Promise<void> {
  await claim(directory, mine, guardName);
  try {
    await claim(directory, mine, lockName);
  } catch (error) {
    await rm(join(directory, guardName), { force: true });
    throw error;
  }
  await rm(join(directory, mine));
}

/** Gives the socket the lock's name: `link` succeeds for only one of several processes that try at the same time. */
async function claim(directory: string, mine: string, name: string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      await link(join(directory, mine), join(directory, name));
      return;
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    }
    const holder = await waitForAnswer(directory, name);
    if (holder !== undefined) throw inUse(directory, holder);
    await removeDeadLock(directory, name);
  }
  throw inUse(directory, null);
}

/**
 * Waits until it is clear who holds the lock. Workers of a killed server keep its lock but do not answer; they end by
 * themselves, but may write until then.
 */
async function waitForAnswer(directory: string, name: string): Promise<number | null | undefined> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const holder = await askPid(directory, name);
    if (holder !== null || performance.now() > end) return holder;
    await pause(askAgainMs);
  }
}

/**
 * Removes a lock on which nobody listens. The lock is moved aside first and asked once more: if another server has
 * taken it since it was found dead, it is put back.
 */
async function removeDeadLock(directory: string, name: string): Promise<void> {
  const aside = freshName();
  try {
    await rename(join(directory, name), join(directory, aside));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  const holder = await askPid(directory, aside);
  if (holder !== undefined) {
    await link(join(directory, aside), join(directory, name));
    await rm(join(directory, aside));
    throw inUse(directory, holder);
  }
  await rm(join(directory, aside), { force: true });
}

/**
 * Removes leftovers on which nobody listens. The others belong to servers that are starting as well; one may even be
 * the lock itself, which one of them has moved aside and is about to put back.
 */
async function removeLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory);
  const leftovers = names.filter((name) => name.startsWith(`${lockName}.`));
  await Promise.all(
    leftovers.map(async (name) => {
      if ((await askPid(directory, name)) === undefined) await rm(join(directory, name), { force: true });
    }),
  );
}

async function release(directory: string, server: Server): Promise<void> {
  await rm(join(directory, lockName), { force: true });
  await rm(join(directory, guardName), { force: true });
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

function inUse(directory: string, holder: number | null): StartupError {
  const who = holder === null ? 'another server' : `another server (process ${holder})`;
  return new StartupError(
    'in_use',
    `The data directory ${directory} is in use by ${who}. Stop that one, or choose another directory with --data.`,
  );
}

function freshName(): string {
  return `${lockName}.${randomBytes(6).toString('hex')}`;
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= act());
}
