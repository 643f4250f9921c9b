import { realpath, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientError } from '../errors/client-error.ts';
import type { ReadingKeys } from '../files/with-keys.ts';
import { planDown } from './plan-down.ts';
import { readTree } from './local-tree.ts';
import { receiveFile, removeFile, type Destination } from './received-file.ts';
import { readRemote, type RemoteFile } from './remote-tree.ts';
import { runActions } from './run-actions.ts';
import { checkPrefix, checkSource, type SyncAction, type SyncClient, type SyncOptions } from './sync-options.ts';

/** What a synchronization of a directory with a bucket takes. */
export interface SyncDownOptions extends SyncOptions {
  /** The customer key of the files, or a ring in which theirs are found. Other files need none. */
  readonly encryption?: ReadingKeys | undefined;
}

/**
 * Makes the files of a directory those of a prefix: downloads what is missing, or has another size or time of
 * modification. A file takes its place only when all of it is there and verified. Names that would lead out of the
 * directory or through a symbolic link, or that the file system cannot hold, are refused by name. What has changed in
 * the directory since it was read is not replaced or deleted: that is `file_changed`. The names of both sides are in
 * memory.
 *
 * @returns What was done, in the order in which it ended; with `dryRun`, what would be.
 * @throws ClientError, errors of `node:fs`, and the signal's reason.
 *
 * @example
 * ```ts
 * const directory = await mkdtemp(join(tmpdir(), 'sync-'));
 * const client = createClient({ keyId: '0014a98f9d9e8d00000000001', key: 'K001ExampleExampleExampleExampl' });
 * const place = { directory, bucketId: '4a48fe8875c6214145260818', prefix: 'backup/' };
 * const how = { encryption: new CustomerKeyRing([]), exclude: (name) => name.endsWith('.log') };
 * client.close(); // Without this, the bucket would be listed, and the actions that are left told.
 * const actions = syncDown(client, { ...place, ...how, dryRun: true });
 * await assert.rejects(actions, (error) => ClientError.is(error, 'client_closed'));
 * await rm(directory, { recursive: true });
 * ```
 */
export async function syncDown(client: SyncClient, options: SyncDownOptions): Promise<SyncAction[]> {
  const { signal, encryption } = options;
  checkPrefix(options);
  const root = await realpath(options.directory);
  const local = await readTree(root, signal);
  const remote = await readRemote(client, options);
  const { groups, directoriesInTheWay } = planDown(local, remote, options, process.platform);
  const kinds = groups.flat().map(({ kind }) => kind);
  const count = (wanted: SyncAction['kind']) => kinds.filter((kind) => kind === wanted).length;
  checkSource(options, remote.size - count('refuse'), count('delete'));
  const [first = [], ...others] = groups;
  const perform = async (action: SyncAction, report: (bytes: number) => void, one: AbortSignal) => {
    const destination = { root, name: action.name, known: local.files.get(action.name) };
    const file = remote.get(action.name);
    if (action.kind === 'delete') await removeFile(destination);
    else if (action.kind === 'download' && file)
      await fetchFile(client, file, destination, { encryption, signal: one }, report);
  };
  // What is in the way has to go before anything can take its place.
  const cleared = await runActions([first], { ...options, continueOnError: false }, perform);
  // The deepest first, which are the longest names.
  const byLength = [...directoriesInTheWay].sort((one, other) => other.length - one.length);
  if (options.dryRun !== true) for (const name of byLength) await rmdir(join(root, name));
  return [...cleared, ...(await runActions(others, options, perform))];
}

async function fetchFile(
  client: SyncClient,
  { fileId, size, modified }: RemoteFile,
  destination: Destination,
  options: { readonly encryption: ReadingKeys | undefined; readonly signal: AbortSignal },
  report: (bytes: number) => void,
): Promise<void> {
  const onProgress = ({ bytes }: { readonly bytes: number }) => {
    report(bytes);
  };
  const download = await client.download({ fileId, onProgress, ...options });
  if (download.length !== size) {
    await download.stream.cancel();
    throw new ClientError('invalid_response', `${destination.name} has another length than the listing says`);
  }
  await receiveFile(destination, download.stream, modified);
}
