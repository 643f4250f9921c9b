import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compactionFolder } from '@coffer/store-local';
import { StartupError, systemReason } from '../startup-error.ts';
import { isThere } from './data-directory.ts';
import { findLockHolder, lockName } from './directory-lock.ts';
import { askPid, listenWithPid } from './lock-socket.ts';

/**
 * Announces that this process works on a data directory beside its server, until the function that this resolves with
 * is called. Code that replaces the metadata first calls {@link requireNoVisitors}, because what a visitor commits to
 * the old file would be lost.
 *
 * @throws StartupError `in_use` while the metadata is being replaced, `data` where the directory cannot hold a socket.
 */
export async function visitDirectory(directory: string): Promise<() => Promise<void>> {
  const name = `${lockName}.${randomBytes(6).toString('hex')}`;
  const server = await listenWithPid(directory, name).catch((cause: unknown) => {
    const reason = systemReason(cause);
    throw new StartupError('data', `The data directory ${directory} cannot be worked on: ${reason}.`, { cause });
  });
  const leave = async () => {
    server.close();
    await rm(join(directory, name), { force: true });
  };
  // Checked after the visit was announced: so either this process sees the compaction, or the compaction sees the
  // visit.
  if (await isBeingCompacted(directory)) {
    await leave();
    throw new StartupError('in_use', `The metadata in ${directory} is being compacted. Try again when that is done.`);
  }
  return leave;
}

/** To be called by the holder of the directory's lock. @throws StartupError `in_use`. */
export async function requireNoVisitors(directory: string): Promise<void> {
  const names = await readdir(directory);
  for (const name of names.filter((each) => each.startsWith(`${lockName}.`))) {
    const visitor = await askPid(directory, name);
    if (visitor === undefined) continue;
    const who = visitor === null ? 'Another command' : `Another command (process ${visitor})`;
    throw new StartupError('in_use', `${who} works on the data directory ${directory}. Try again when it is done.`);
  }
}

async function isBeingCompacted(directory: string): Promise<boolean> {
  return (await isThere(compactionFolder(directory))) && (await findLockHolder(directory)) !== undefined;
}
