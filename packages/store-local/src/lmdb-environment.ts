import { open, type Database, type RootDatabase } from 'lmdb';
import { tableNames, type TableName } from '@coffer/storage-ports';
import { inTurn, realPath } from './process-turns.ts';

/** An LMDB sub-database with binary keys and values. */
export type BinaryDatabase = Database<Uint8Array, Uint8Array>;

/** An open LMDB environment with one sub-database per table. */
export interface LmdbEnvironment {
  /** Its real path. */
  readonly directory: string;
  readonly root: RootDatabase<Uint8Array, Uint8Array>;
  readonly table: (name: TableName) => BinaryDatabase;
  /** Like `table`; undefined if the environment was opened for reading and nothing was ever put into the table. */
  readonly tableToRead: (name: TableName) => BinaryDatabase | undefined;
  /** Facts about the store itself: the last version given out. */
  readonly state: BinaryDatabase;
}

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;

/**
 * Address space reserved at first, in bytes; LMDB's map grows by itself beyond it. The file is only as large as its
 * content.
 */
const initialMapSize = 64 * 1024 * 1024;

/** Slots for read transactions of all processes, a few for each; LMDB's default is 126. */
const readerSlots = 512;

/**
 * Opens the environment in `directory`; creates it if it does not exist. Waits until no other handle of this process
 * has a transaction under way.
 *
 * With `overlappingSync` off, a transaction's promise resolves after LMDB has flushed the data pages and then the meta
 * page, so a resolved commit is a durable one; with it on (lmdb-js's default) it would resolve before. Batching by
 * event turn is off because `GroupCommit` groups commits itself, and because its inner promise has no handler when a
 * transaction fails.
 */
export function openLmdb(directory: string, options: { readonly readOnly?: boolean } = {}): Promise<LmdbEnvironment> {
  return inTurn(realPath(directory), () => openNow(directory, options.readOnly ?? false));
}

function openNow(directory: string, readOnly: boolean): LmdbEnvironment {
  const settings = {
    ...binary,
    path: directory,
    noSubdir: false,
    overlappingSync: false,
    eventTurnBatching: false,
    maxDbs: tableNames.length + 4,
    mapSize: initialMapSize,
    maxReaders: readerSlots,
    permissionsMode: 0o600,
    readOnly,
  };
  const root = open<Uint8Array, Uint8Array>(settings);
  // Contrary to its types, lmdb-js gives undefined if there is no such table that can be opened for reading.
  const openTable = (name: string): BinaryDatabase | undefined =>
    root.openDB<Uint8Array, Uint8Array>(name, { ...binary });
  const tables = new Map([...tableNames, 'storeState'].map((name) => [name, openTable(name)]));
  const existing = (name: string) => {
    const found = tables.get(name);
    if (found === undefined) throw new RangeError(`There is no table ${name}`);
    return found;
  };
  return {
    directory: realPath(directory),
    root,
    table: existing,
    tableToRead: (name) => tables.get(name),
    get state() {
      return existing('storeState');
    },
  };
}
