import { checkLocalStore, isHalfRestored, type LocalStoreFacts, type LocalStoreParts } from '@coffer/store-local';
import type { PlaceConfig } from '../config/server-config.ts';
import { findLockHolder } from '../data/directory-lock.ts';
import { requireUsableParts } from '../store/judge-store.ts';
import { checkOwnerOnly } from './check-permissions.ts';
import { asProblem, note, ok, problem, type Finding } from './finding.ts';

/** Bytes: one large part may use up less than this. */
const tooLittleSpace = 256 * 1024 ** 2;
const littleSpace = 5 * 1024 ** 3;

/** Checks the data directory, its store, its lock and the free space on its disk. */
export async function checkData(
  { data }: PlaceConfig,
  parts: LocalStoreParts | undefined,
): Promise<readonly Finding[]> {
  const facts = await checkLocalStore(data);
  if (!facts.exists) {
    return [
      problem(`There is no data directory ${data}.`, 'Give the right one with --data, or make one with: coffer serve'),
    ];
  }
  if (await isHalfRestored(data))
    return [
      problem(
        `The restore into ${data} was interrupted, so its data is not complete.`,
        'Run coffer restore again with the same backup, or choose another directory with --data.',
      ),
    ];
  const permissions = await checkOwnerOnly(data, 'The data directory', '700');
  return [permissions, ...writable(data, facts), await lock(data), space(facts), ...store(data, parts)];
}

function writable(data: string, { writable }: LocalStoreFacts): readonly Finding[] {
  const mend = 'Run the server as the owner of the directory, or change its owner with chown.';
  return writable ? [] : [problem(`This user may not write to ${data}.`, mend)];
}

async function lock(data: string): Promise<Finding> {
  const holder = await findLockHolder(data);
  if (holder === undefined) return ok('No server is running on it.');
  return ok(holder === null ? 'A server is running on it.' : `A server is running on it (process ${holder}).`);
}

function space({ freeBytes }: LocalStoreFacts): Finding {
  if (freeBytes === null) return note('How much space is left on the disk cannot be told.', 'Look with: df');
  const text = `${mebibytes(freeBytes)} MiB are free on its disk.`;
  if (freeBytes < tooLittleSpace) return problem(text, 'Make room: uploads will soon fail.');
  return freeBytes < littleSpace ? note(text, 'Plan for more room.') : ok(text);
}

function store(data: string, parts: LocalStoreParts | undefined): readonly Finding[] {
  if (parts === undefined)
    return [problem(`The data directory ${data} cannot be read.`, 'Run this as the user of the server.')];
  try {
    requireUsableParts({ data }, parts);
    return parts.metadata.state === 'readable' ? [ok('Its metadata opens.')] : [];
  } catch (error) {
    return [asProblem(error, 'Stop the server, and restore what is damaged or missing from your backup.')];
  }
}

function mebibytes(bytes: number): string {
  return Math.floor(bytes / 1024 ** 2).toLocaleString('en');
}
