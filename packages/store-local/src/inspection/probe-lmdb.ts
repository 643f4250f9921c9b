import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { keys, StoreError, tableNames, type StoreIdentity } from '@coffer/storage-ports';
import { decodeRecord } from '../record-codec.ts';
import { storeFailure } from '../store-failure.ts';
import { damage } from './lmdb-meta.ts';

/** What the metadata says of its store. */
export interface ProbedMetadata {
  /** Undefined: the metadata does not say which store it belongs to. */
  readonly identity: StoreIdentity | undefined;
  /** Whether the metadata holds nothing but its identity, because the first start of its store was interrupted. */
  readonly isFresh: boolean;
}

/**
 * Milliseconds that the child process may take. A disk that does not answer within that time would not serve a server
 * either.
 */
const patienceMs = 120_000;

/**
 * What the child runs: opens the environment for reading as a start does, and reads the first and the last row of each
 * table. It is a text, because the child has neither this process's loaders nor its modules. Its arguments: the path of
 * lmdb-js, the directory, the key of the store's identity, the names of tables. It answers with the identity's row, and
 * whether there is an account.
 */
const program = `
const [, library, path, key, ...names] = process.argv;
const binary = { encoding: 'binary', keyEncoding: 'binary' };
try {
  const { open } = require(library);
  const limits = { maxDbs: names.length + 4, maxReaders: 512 };
  const root = open({ ...binary, ...limits, path, noSubdir: false, readOnly: true, overlappingSync: false });
  let bytes = 0;
  const tables = names.map((name) => root.openDB(name, binary));
  for (const table of tables.filter((table) => table !== undefined))
    for (const reverse of [false, true])
      for (const { key, value } of table.getRange({ reverse, limit: 1 })) bytes += Buffer.concat([key, value]).length;
  const identity = tables[names.indexOf('storeIdentity')]?.get(Buffer.from(key, 'base64'));
  const [account] = tables[names.indexOf('accounts')]?.getRange({ limit: 1 }) ?? [];
  const found = { bytes, identity: identity?.toString('base64'), hasAccount: account !== undefined };
  process.stdout.write('opens ' + JSON.stringify(found));
} catch (error) {
  process.stdout.write('fails ' + error.message);
}
`;

/**
 * Opens an LMDB environment in a child process, which reads the beginning and the end of each table: if that ends a
 * process, even by a signal, it ends the child and not this process. `directory` must hold an LMDB data file. There is
 * another reason for the child: a process that has the environment open already must not open and close it in another
 * way.
 *
 * @throws StoreError `io` if it does not open, or no child can be started.
 */
export async function probeLmdb(directory: string): Promise<ProbedMetadata> {
  const library = createRequire(import.meta.url).resolve('lmdb');
  const key = Buffer.from(keys.storeIdentity()).toString('base64');
  const args = ['-e', program, library, directory, key, ...tableNames, 'storeState'];
  // The child gets none of this process's environment variables, which may hold secrets.
  const options = { env: {}, timeout: patienceMs, killSignal: 'SIGKILL', windowsHide: true } as const;
  const { error, stdout } = await new Promise<{ readonly error: Error | null; readonly stdout: string }>((resolve) => {
    execFile(process.execPath, args, options, (error, stdout) => {
      resolve({ error, stdout });
    });
  });
  if (error === null && stdout.startsWith('opens ')) return parseAnswer(stdout.slice('opens '.length));
  throw failureOf(error, stdout);
}

function parseAnswer(json: string): ProbedMetadata {
  const { identity, hasAccount } = JSON.parse(json) as { readonly identity?: string; readonly hasAccount: boolean };
  if (identity === undefined) return { identity, isFresh: !hasAccount };
  try {
    const record = new Uint8Array(Buffer.from(identity, 'base64'));
    return { identity: decodeRecord('storeIdentity', record), isFresh: !hasAccount };
  } catch (error) {
    throw storeFailure('Reading the identity of the store', error);
  }
}

function failureOf(error: Error | null, stdout: string): StoreError {
  if (stdout.startsWith('fails ')) return damage(`LMDB says: ${stdout.slice('fails '.length).trim()}`);
  const signal = error !== null && 'signal' in error && typeof error.signal === 'string' ? error.signal : undefined;
  if (signal === 'SIGKILL') return new StoreError('io', 'The metadata cannot be read: opening it takes too long');
  if (signal !== undefined) return damage(`reading it ends a process with ${signal}`);
  const code = error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'it fails';
  return new StoreError('io', `The metadata cannot be looked at in a process of its own: ${code}`);
}
