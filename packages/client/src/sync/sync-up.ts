import { openAsBlob } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameProblem } from '@coffer/b2-schema';
import type { FileEncryption } from '../encryption/file-encryption.ts';
import { ClientError } from '../errors/client-error.ts';
import { readTree, type LocalTree } from './local-tree.ts';
import { isSame, readRemote, type RemoteFile } from './remote-tree.ts';
import { runActions } from './run-actions.ts';
import { modifiedInfo, takesPart, type SyncAction, type SyncClient, type SyncOptions } from './sync-options.ts';

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
 * @returns All actions; with `dryRun`, those that would be done.
 * @throws ClientError, errors of `node:fs`, and the signal's reason.
 *
 * @example
 * ```ts
 * const directory = await mkdtemp(join(tmpdir(), 'sync-'));
 * const key = { keyId: process.env.B2_APPLICATION_KEY_ID, key: process.env.B2_APPLICATION_KEY };
 * const client = createClient({ ...key, url: process.env.B2_URL });
 * const { bucketId } = await client.api.createBucket({ bucketName: 'doc-sync-up', bucketType: 'allPrivate' });
 * assert.deepEqual(await syncUp(client, { directory, bucketId, prefix: 'backup/', dryRun: true }), []);
 * client.close();
 * await rm(directory, { recursive: true });
 * ```
 */
export async function syncUp(client: SyncClient, options: SyncUpOptions): Promise<SyncAction[]> {
  const { bucketId, prefix = '', signal } = options;
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
  for (const [name, reason] of local.others) {
    if (takesPart(options, name)) transfers.push({ kind: 'refuse', name, reason });
  }
  for (const [name, file] of local.files) {
    if (!takesPart(options, name)) continue;
    const reason = fileNameProblem(prefix + name);
    const there = remote.get(name);
    if (reason !== undefined) transfers.push({ kind: 'refuse', name, reason });
    else if (there === undefined || !isSame(there, file)) transfers.push({ kind: 'upload', name, size: file.size });
  }
  const isGone = (name: string) => !local.files.has(name) && !local.others.has(name);
  const surplus = deleteExtraneous ? [...remote.keys()].filter(isGone) : [];
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
