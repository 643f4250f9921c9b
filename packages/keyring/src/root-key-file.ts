import { open, type FileHandle } from 'node:fs/promises';
import { SecretBytes, encodeHex } from '@coffer/bytes';
import { writeDurably } from './durable-file.ts';
import { KeyringError, isFileError } from './keyring-error.ts';
import { ROOT_KEY_LENGTH, parseRootKey } from './root-key-text.ts';

/** Far more than any root key needs; keeps a wrong path from being read into memory. */
const maxFileLength = 1024;

/**
 * Reads the root key from a file that only its owner may use.
 *
 * @throws KeyringError `root_key_missing`, `unsafe_permissions` or `root_key_malformed`. Other errors of the file
 * system pass through.
 */
export async function readRootKeyFile(path: string): Promise<SecretBytes> {
  const file = await openRootKeyFile(path);
  try {
    await requireSafeFile(file, path);
    return await readKey(file, path);
  } finally {
    await file.close();
  }
}

/**
 * The root key in the file, which is made with a random key first if there is none. Errors as {@link readRootKeyFile}.
 */
export async function readOrCreateRootKeyFile(path: string): Promise<SecretBytes> {
  const fresh = SecretBytes.random(ROOT_KEY_LENGTH);
  try {
    await writeDurably(path, `${fresh.expose(encodeHex)}\n`, { exclusive: true });
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error;
  } finally {
    fresh.wipe();
  }
  return readRootKeyFile(path);
}

async function openRootKeyFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
    throw new KeyringError(
      'root_key_missing',
      `There is no root key file at ${path}. Put it back from your backup; without it the keyring cannot be opened`,
    );
  }
}

async function requireSafeFile(file: FileHandle, path: string): Promise<void> {
  const { mode, size } = await file.stat();
  if ((mode & 0o077) !== 0)
    throw new KeyringError(
      'unsafe_permissions',
      `The root key file ${path} may be used by others than its owner (mode ${(mode & 0o777).toString(8)}). Run: ` +
        `chmod 600 ${path}`,
    );
  if (size > maxFileLength) throw new KeyringError('root_key_malformed', `${path} is too long to be a root key file`);
}

async function readKey(file: FileHandle, path: string): Promise<SecretBytes> {
  const content = await file.readFile();
  try {
    return parseRootKey(content.toString('latin1'), `The root key file ${path}`);
  } finally {
    content.fill(0);
  }
}
