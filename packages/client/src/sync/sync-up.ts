import { openAsBlob } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameProblem } from '@coffer/b2-schema';
import type { FileEncryption } from '../encryption/file-encryption.ts';
import { ClientError } from '../errors/client-error.ts';
import { parentsOf } from './local-name.ts';
import { readTree, type LocalTree } from './local-tree.ts';
import { isSame, readRemote, type RemoteFile } from './remote-tree.ts';
import { runActions } from './run-actions.ts';
import {
  checkPrefix,
  checkSource,
  modifiedInfo,
  takesPart,
  type SyncAction,
  type SyncClient,
  type SyncOptions,
} from './sync-options.ts';

/** What a synchronization of a bucket with a directory takes. */
export interface SyncUpOptions extends SyncOptions {
  /** Of the files that are uploaded. Default: that of the bucket. */
  readonly encryption?: FileEncryption | undefined;
}

/**
 * Makes the files of a prefix those of a directory: uploads what is missing, or has another size or time of
 * modification. Symbolic links are not followed; what cannot be uploaded is refused by name. The names of both sides
 * are in memory.
 *
 * @returns What was done, in the order in which it ended; with `dryRun`, what would be.
 * @throws ClientError, errors of `node:fs`, and the signal's reason.
 *
 * @example
 * ```ts
 * const directory = await mkdtemp(join(tmpdir(), 'sync-'));
 * const client = createClient({ keyId: '0014a98f9d9e8d00000000001', key: 'K001ExampleExampleExampleExampl' });
 * const place = { directory, bucketId: '4a48fe8875c6214145260818', prefix: 'backup/' };
 * const how = { encryption: sseB2(), deleteExtraneous: true };
 * client.close(); // Without this, the bucket would be listed, and the actions that are left told.
 * const actions = syncUp(client, { ...place, ...how, dryRun: true });
 * await assert.rejects(actions, (error) => ClientError.is(error, 'client_closed'));
 * await rm(directory, { recursive: true });
 * ```
 */
export async function syncUp(client: SyncClient, options: SyncUpOptions): Promise<SyncAction[]> {
  const { bucketId, prefix = '', signal } = options;
  checkPrefix(options);
  const root = await realpath(options.directory);
  const local = await readTree(root, signal);
  const remote = await readRemote(client, options);
  return runActions(plan(local, remote, options), options, async (action, report, one) => {
    if (action.kind === 'upload') await send(client, options, { root, name: action.name }, report, one);
    else await client.api.hideFile({ bucketId, fileName: prefix + action.name }, { signal: one });
  });
}

function plan(local: LocalTree, remote: ReadonlyMap<string, RemoteFile>, options: SyncUpOptions): SyncAction[][] {
  const { prefix = '', deleteExtraneous = false } = options;
  const transfers: SyncAction[] = [];
  let transferable = 0;
  for (const [name, reason] of local.others) {
    if (takesPart(options, name)) transfers.push({ kind: 'refuse', name, reason });
  }
  for (const [name, file] of local.files) {
    if (!takesPart(options, name)) continue;
    const reason = fileNameProblem(prefix + name);
    if (reason === undefined) transferable++;
    const there = remote.get(name);
    if (reason !== undefined) transfers.push({ kind: 'refuse', name, reason });
    else if (there === undefined || !isSame(there, file)) transfers.push({ kind: 'upload', name, size: file.size });
  }
  // What is behind a link is unknown, and so not gone.
  const isGone = (name: string) =>
    !local.files.has(name) && ![...parentsOf(name), name].some((path) => local.others.has(path));
  const surplus = deleteExtraneous ? [...remote.keys()].filter(isGone) : [];
  checkSource(options, transferable, surplus.length);
  return [transfers, surplus.map((name) => ({ kind: 'hide', name }))];
}

async function send(
  client: SyncClient,
  { bucketId, prefix = '', encryption }: SyncUpOptions,
  { root, name }: { readonly root: string; readonly name: string },
  report: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = join(root, name);
  const before = await lstat(path);
  if (!before.isFile()) throw changed(name);
  const fileInfo = { [modifiedInfo]: String(Math.round(before.mtimeMs)) };
  const onProgress = ({ bytes }: { readonly bytes: number }) => {
    report(bytes);
  };
  const data = await openAsBlob(path);
  await client.upload({ bucketId, fileName: prefix + name, data, fileInfo, encryption, onProgress, signal });
  const after = await lstat(path);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changed(name);
}

function changed(name: string): ClientError {
  return new ClientError('file_changed', `${name} was changed while it was uploaded`);
}
