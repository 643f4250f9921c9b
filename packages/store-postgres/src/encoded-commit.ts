import type { Commit, Expectation, Write } from '@coffer/storage-ports';
import { expecting, writing } from './commit-function.ts';
import { commitLocks } from './commit-locks.ts';
import { encodeRecord } from './record-codec.ts';
import { tableNumber } from './table-names.ts';

const maximumKeyLength = 1_400;
const numberLength = 8;

/** What the function `commit` takes behind the commit's id. It shares no memory with the commit. */
export interface EncodedCommit {
  readonly parameters: readonly (string | Buffer)[];
  readonly writes: number;
}

/**
 * @param locking Whether the commit takes locks; not under SERIALIZABLE.
 * @throws RangeError for a key that no store takes.
 */
export function encodeCommit(schema: string, commit: Commit, locking: boolean): EncodedCommit {
  const pieces: Uint8Array[] = [];
  const checks = commit.expectations.map((expectation) => encodeExpectation(expectation, pieces));
  const writes = commit.writes.map((write) => encodeWrite(write, pieces));
  const locks = locking ? commitLocks(schema, commit) : [];
  return {
    parameters: [
      arrayOf(locks.map(({ id }) => id)),
      arrayOf(locks.map(({ exclusive }) => exclusive)),
      ...[0, 1, 2].map((column) => arrayOf(checks.map((row) => row[column]))),
      ...[0, 1, 2, 3].map((column) => arrayOf(writes.map((row) => row[column]))),
      // One parameter for all bytes: it travels as it is, where an array of byte strings would travel as hexadecimal
      // text.
      Buffer.concat(pieces),
    ],
    writes: writes.length,
  };
}

/** @throws RangeError for a key that no store takes. */
export function checkKey(key: Uint8Array): void {
  if (key.length < 1 || key.length > maximumKeyLength)
    throw new RangeError(`A key has 1 to ${maximumKeyLength} bytes, not ${key.length}`);
}

/** Table, length of the key, what is expected. */
type CheckRow = readonly number[];
/** Table, kind, length of the key, length of the value. */
type WriteRow = readonly number[];

function encodeExpectation(expectation: Expectation, pieces: Uint8Array[]): CheckRow {
  const table = tableNumber(expectation.table);
  if ('emptyPrefix' in expectation) {
    pieces.push(expectation.emptyPrefix);
    return [table, expectation.emptyPrefix.length, expecting.emptyPrefix];
  }
  checkKey(expectation.key);
  pieces.push(expectation.key);
  if ('is' in expectation) return [table, expectation.key.length, expecting[expectation.is]];
  return [table, expectation.key.length, versionOf(expectation.version)];
}

/** A version that no record can have must not be taken for one of the other expectations. */
function versionOf(version: number): number {
  return Number.isSafeInteger(version) && version > 0 ? version : 0;
}

function encodeWrite(write: Write, pieces: Uint8Array[]): WriteRow {
  const table = tableNumber(write.table);
  if ('append' in write) {
    if (write.prefix.length + numberLength > maximumKeyLength)
      throw new RangeError(`A prefix has 0 to ${maximumKeyLength - numberLength} bytes, not ${write.prefix.length}`);
    const value = encodeRecord(write.table, write.append);
    pieces.push(write.prefix, value);
    return [table, writing.append, write.prefix.length, value.length];
  }
  checkKey(write.key);
  pieces.push(write.key);
  if ('delete' in write) return [table, writing.delete, write.key.length, 0];
  const value = encodeRecord(write.table, write.put);
  pieces.push(value);
  return [table, writing.put, write.key.length, value.length];
}

/** An array as PostgreSQL reads it: of numbers and truth values only, so nothing has to be quoted. */
function arrayOf(values: readonly (number | bigint | boolean | undefined)[]): string {
  return `{${values.join(',')}}`;
}
