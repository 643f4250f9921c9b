import { createHash } from 'node:crypto';
import type { Commit, TableName } from '@coffer/storage-ports';
import { tableNumber } from './table-names.ts';

/** An advisory lock of the database that a commit takes. */
export interface CommitLock {
  readonly id: bigint;
  readonly exclusive: boolean;
}

/**
 * Locks on keys that one commit takes at most. The server has room for `max_locks_per_transaction` times
 * `max_connections` locks of all transactions, 6,400 if nothing is set: enough for 32 of the largest commits at once.
 */
const maximumKeyLocks = 200;

const numberLength = 8;

/** Which kind of thing a lock is on. */
const kinds = { table: 0, key: 1, appends: 2 } as const;

/**
 * The locks of a commit, in the order in which they are taken. All processes derive them in this way, so what is
 * changed here is a new version of the schema.
 *
 * - A shared lock on each table that the commit is about. A commit that expects an empty prefix has an exclusive one:
 *   it excludes every other commit about that table, since any of them may add a key with the prefix. So has a commit
 *   with more keys than {@link maximumKeyLocks}, for the tables in which it has the most.
 * - A shared lock on each key of which something is expected, an exclusive one on each that is written. Keys that are
 *   absent have locks like others, which rows have not.
 * - An exclusive lock on each prefix that is appended to, from before the number is taken until the row is visible: so
 *   the rows of a prefix become visible in the order of their numbers, and appends to other prefixes wait for nothing.
 *   Who expects a key to be absent has a shared one, because an append might be making that key.
 */
export function commitLocks(schema: string, { expectations, writes }: Commit): readonly CommitLock[] {
  const perTable = new Map<TableName, TableLocks>();
  const of = (table: TableName): TableLocks => {
    const known = perTable.get(table) ?? new TableLocks(schema, table);
    perTable.set(table, known);
    return known;
  };
  for (const expectation of expectations) {
    const locks = of(expectation.table);
    if ('emptyPrefix' in expectation) locks.whole = true;
    else {
      locks.add('key', expectation.key, false);
      if ('is' in expectation && expectation.is === 'absent' && expectation.key.length >= numberLength)
        locks.add('appends', expectation.key.subarray(0, -numberLength), false);
    }
  }
  for (const write of writes) {
    if ('append' in write) of(write.table).add('appends', write.prefix, true);
    else of(write.table).add('key', write.key, true);
  }
  const tables = [...perTable.values()];
  takeWholeTables(tables);
  return inOrder(tables.flatMap((locks) => locks.list()));
}

class TableLocks {
  readonly #schema: string;
  readonly #table: TableName;
  readonly #exclusiveById = new Map<bigint, boolean>();
  whole = false;

  constructor(schema: string, table: TableName) {
    this.#schema = schema;
    this.#table = table;
  }

  get size(): number {
    return this.whole ? 0 : this.#exclusiveById.size;
  }

  add(kind: keyof typeof kinds, of: Uint8Array, exclusive: boolean): void {
    const id = this.#id(kind, of);
    this.#exclusiveById.set(id, exclusive || (this.#exclusiveById.get(id) ?? false));
  }

  list(): readonly CommitLock[] {
    const table = { id: this.#id('table', new Uint8Array(0)), exclusive: this.whole };
    if (this.whole) return [table];
    return [table, ...[...this.#exclusiveById].map(([id, exclusive]) => ({ id, exclusive }))];
  }

  /** Two things with one id would only wait for each other. */
  #id(kind: keyof typeof kinds, of: Uint8Array): bigint {
    const place = `${this.#schema}\0${tableNumber(this.#table)}\0${kinds[kind]}\0`;
    return createHash('sha256').update(place).update(of).digest().readBigInt64BE(0);
  }
}

function takeWholeTables(tables: readonly TableLocks[]): void {
  const largestFirst = [...tables].sort((a, b) => b.size - a.size);
  for (const locks of largestFirst) {
    const all = tables.reduce((sum, { size }) => sum + size, 0);
    if (all <= maximumKeyLocks) return;
    locks.whole = true;
  }
}

function inOrder(locks: readonly CommitLock[]): readonly CommitLock[] {
  const merged = new Map<bigint, boolean>();
  for (const { id, exclusive } of locks) merged.set(id, exclusive || (merged.get(id) ?? false));
  return [...merged].map(([id, exclusive]) => ({ id, exclusive })).sort((a, b) => (a.id < b.id ? -1 : 1));
}
