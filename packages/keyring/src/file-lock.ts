import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { KeyringError, isFileError } from './keyring-error.ts';

/**
 * A change of the keyring takes some milliseconds, so a lock that stays for much longer belongs to a process that is
 * gone.
 */
const patienceMilliseconds = 10_000;
const askAgainMilliseconds = 20;

/**
 * Runs `act` while no other process, and no other keyring of this one, does so for the same path. The lock is the file
 * `PATH.lock`, made exclusively, with the process id as text.
 *
 * A lock that a crash left behind is not broken: nobody can tell for certain whether its holder is gone, and if two
 * processes broke it at once, one would undo the other's change.
 *
 * @throws KeyringError `keyring_locked` if the lock is still there after ten seconds.
 */
export async function withFileLock<T>(path: string, act: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  await take(lock, path);
  try {
    return await act();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string, path: string): Promise<void> {
  const end = performance.now() + patienceMilliseconds;
  while (!(await tryToMake(lock))) {
    if (performance.now() > end) throw await locked(lock, path);
    await pause(askAgainMilliseconds);
  }
}

async function tryToMake(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await writeHolder(file).catch(async (error: unknown) => {
      // On a full disk, the lock file can be made but not written.
      await rm(lock, { force: true });
      throw error;
    });
    return true;
  } catch (error) {
    if (isFileError(error, 'EEXIST')) return false;
    throw error;
  }
}

async function writeHolder(file: FileHandle): Promise<void> {
  try {
    await file.writeFile(`${process.pid}\n`);
  } finally {
    await file.close();
  }
}

async function locked(lock: string, path: string): Promise<KeyringError> {
  const holder = (await readFile(lock, 'latin1').catch(() => '')).trim();
  const who = /^\d{1,10}$/.test(holder) ? `process ${holder}` : 'another process';
  return new KeyringError(
    'keyring_locked',
    `The keyring ${path} is being changed by ${who}. Try again; if that process is gone, it was cut short: delete ` +
      `${lock}, the keyring itself is whole`,
  );
}
