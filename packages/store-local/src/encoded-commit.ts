import {
  StoreError,
  afterPrefix,
  type Commit,
  type Expectation,
  type TableName,
  type Write,
} from '@coffer/storage-ports';
import type { BinaryDatabase, LmdbEnvironment } from './lmdb-environment.ts';
import { encodeRecord, readVersion, stampVersion } from './record-codec.ts';

const maximumKeyLength = 1_400;

/** A commit that was checked and encoded outside the write transaction, so that little is left to do inside it. */
export interface EncodedCommit {
  readonly checks: readonly Check[];
  readonly writes: readonly EncodedWrite[];
  /** How many of the store's numbers it takes: one for its version or, where it appends, one for each append. */
  readonly numbers: number;
  /** Bytes of all records to put. */
  readonly size: number;
  /** Whether the commit frees space: it deletes, and puts nothing but what deletes put. */
  readonly frees: boolean;
}

type Check = { readonly database: BinaryDatabase; readonly expectation: Expectation };

/** `record` undefined: delete. `appends`: the last 8 bytes of the key are filled in when it is written. */
type EncodedWrite = {
  readonly database: BinaryDatabase;
  readonly key: Uint8Array;
  readonly record: Uint8Array | undefined;
  readonly appends?: true;
};

const numberLength = 8;

export function encodeCommit(environment: LmdbEnvironment, { expectations, writes }: Commit): EncodedCommit {
  const encoded = writes.map((write) => encodeWrite(environment, write));
  return {
    checks: expectations.map((expectation) => encodeCheck(environment, expectation)),
    writes: encoded,
    numbers: Math.max(1, encoded.filter(({ appends }) => appends).length),
    size: encoded.reduce((sum, { record }) => sum + (record?.length ?? 0), 0),
    frees: frees(writes),
  };
}

/**
 * Tables into which a delete also puts records: which version of a name is the newest now, which blobs are to be
 * removed, which events are to be delivered, and how far their delivery is.
 */
const putByDeletes = new Set<TableName>([
  'nameHeads',
  'visibleNames',
  'pendingDeletions',
  'notificationEvents',
  'notificationStates',
]);

function frees(writes: readonly Write[]): boolean {
  return (
    writes.some((write) => 'delete' in write) &&
    writes.every((write) => 'delete' in write || putByDeletes.has(write.table))
  );
}

/**
 * Must run inside a write transaction. If it returns an error, it has written nothing. `version` is the first of the
 * commit's numbers: the version of its records, and the number of its first append.
 */
export function applyCommit(commit: EncodedCommit, version: number): StoreError | undefined {
  for (const { database, expectation } of commit.checks) {
    if (!holds(database, expectation))
      return new StoreError('conflict', `An expectation on ${expectation.table} does not hold`);
  }
  let number = version;
  for (const { database, key, record, appends } of commit.writes) {
    if (appends) numberOf(key).setBigUint64(0, BigInt(number++));
    if (record === undefined) {
      database.removeSync(key);
    } else {
      stampVersion(record, version);
      database.putSync(key, record);
    }
  }
  return undefined;
}

/** @throws RangeError for a key that no store takes. */
export function checkKey(key: Uint8Array): void {
  if (key.length < 1 || key.length > maximumKeyLength)
    throw new RangeError(`A key has 1 to ${maximumKeyLength} bytes, not ${key.length}`);
}

// Keys are copied because the commit is applied later, when the caller may have changed them.

function encodeCheck({ table }: LmdbEnvironment, expectation: Expectation): Check {
  const database = table(expectation.table);
  if ('emptyPrefix' in expectation)
    return { database, expectation: { ...expectation, emptyPrefix: expectation.emptyPrefix.slice() } };
  checkKey(expectation.key);
  return { database, expectation: { ...expectation, key: expectation.key.slice() } };
}

function encodeWrite(environment: LmdbEnvironment, write: Write): EncodedWrite {
  if ('append' in write) return encodeAppend(environment, write);
  checkKey(write.key);
  const record = 'put' in write ? encodeRecord(write.table, write.put) : undefined;
  return { database: environment.table(write.table), key: write.key.slice(), record };
}

function encodeAppend(environment: LmdbEnvironment, write: Extract<Write, { append: unknown }>): EncodedWrite {
  const key = new Uint8Array(write.prefix.length + numberLength);
  key.set(write.prefix);
  checkKey(key);
  const record = encodeRecord(write.table, write.append);
  return { database: environment.table(write.table), key, record, appends: true };
}

function numberOf(key: Uint8Array): DataView {
  return new DataView(key.buffer, key.byteOffset + key.length - numberLength, numberLength);
}

function holds(database: BinaryDatabase, expectation: Expectation): boolean {
  if ('emptyPrefix' in expectation) return isEmpty(database, expectation.emptyPrefix);
  const record = database.get(expectation.key);
  if ('version' in expectation) return record !== undefined && readVersion(record) === expectation.version;
  return (record === undefined) === (expectation.is === 'absent');
}

function isEmpty(database: BinaryDatabase, prefix: Uint8Array): boolean {
  const start = prefix.length === 0 ? {} : { start: prefix };
  const end = afterPrefix(prefix);
  return [...database.getKeys({ ...start, ...(end && { end }), limit: 1 })].length === 0;
}
