import { constants, type Stats } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { localStoreLayout } from './local-store-layout.ts';

/**
 * What a look at the directory of a local store finds, for a command that diagnoses an installation. For a look at the
 * content of the store, see `inspectLocalStore`.
 */
export interface LocalStoreFacts {
  readonly exists: boolean;
  readonly writable: boolean;
  /** Permission bits, as 0o700; null if the directory cannot be looked at. */
  readonly mode: number | null;
  /** Bytes that an unprivileged process may still write; null if that is unknown. */
  readonly freeBytes: number | null;
  /** Files of interrupted, or of running, uploads; null if there is no blob folder. */
  readonly temporaryBlobs: number | null;
}

/**
 * Looks at the store in a directory without changing it. Never rejects: what cannot be found out is null in the facts.
 */
export async function checkLocalStore(directory: string): Promise<LocalStoreFacts> {
  const stats = await known<Stats>(stat(directory));
  const free = await known(statfs(directory));
  const temporary = await known(readdir(join(localStoreLayout.blobs(directory), 'tmp')));
  return {
    exists: stats?.isDirectory() ?? false,
    writable: await succeeds(access(directory, constants.W_OK | constants.X_OK)),
    mode: stats === undefined ? null : stats.mode & 0o777,
    freeBytes: free === undefined ? null : free.bavail * free.bsize,
    temporaryBlobs: temporary?.length ?? null,
  };
}

const known = <T>(promise: Promise<T>): Promise<T | undefined> => promise.catch(() => undefined);

const succeeds = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );
