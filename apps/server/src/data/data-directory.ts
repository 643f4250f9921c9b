import { mkdir, stat } from 'node:fs/promises';
import { StartupError, systemErrorCode, systemReason } from '../startup-error.ts';
import { guardName, lockName } from './directory-lock.ts';

/** Made by mkfs at the root of a file system. */
const notOurs = 'lost+found';

/** Makes the data directory, mode 0700, if it does not exist. @throws StartupError `data`. */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (!(await stat(directory)).isDirectory()) throw new Error('it is not a directory');
  } catch (cause) {
    const reason = systemErrorCode(cause) === 'EEXIST' ? 'it is not a directory' : systemReason(cause);
    throw new StartupError('data', `The data directory ${directory} cannot be used: ${reason}.`, { cause });
  }
}

/** Whether a name in a data directory belongs to something that is not data. */
export function isNoData(name: string): boolean {
  return name === notOurs || name === guardName || name === lockName || name.startsWith(`${lockName}.`);
}

/**
 * Whether anything exists at the path. @throws StartupError `data` if that cannot be found out, for example for lack of
 * permissions.
 */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(cause) ?? '')) return false;
    throw new StartupError('data', `${path} cannot be looked at: ${systemReason(cause)}.`, { cause });
  }
}
