import { serialize } from 'node:v8';
import {
  StoreError,
  tableNames,
  type Commit,
  type Expectation,
  type MetadataStore,
  type Row,
  type ScanOptions,
  type Stored,
  type TableName,
  type Tables,
  type Write,
} from '@coffer/storage-ports';
import { copyRecord } from './copy-record.ts';
import { publishWrite } from './writes-channel.ts';
import { OrderedTable, type StoredRow } from './ordered-table.ts';

/** A metadata store in this process's memory. */
export interface MemoryMetadataStore extends MetadataStore {
  /**
   * Another, open handle on the same records, even if this one was closed. Stands for a restart or a second process.
   */
  reopen(): MemoryMetadataStore;
}

/**
 * An empty metadata store that keeps every promise of the port except durability.
 *
 * @example
 * ```ts
 * const store = createMemoryMetadataStore();
 * const key = keys.counters('uploads');
 * const expectations = [{ table: 'counters', key, is: 'absent' }];
 * await store.commit({ expectations, writes: [{ table: 'counters', key, put: { last: 1 } }] });
 * assert.deepEqual((await store.get('counters', key)).value, { last: 1 });
 * ```
 */
export function createMemoryMetadataStore(): MemoryMetadataStore {
  return openHandle(new MemoryTables());
}

class MemoryTables {
  readonly #tables = new Map(tableNames.map((name) => [name, new OrderedTable()]));
  #lastVersion = 0;

  table(name: TableName): OrderedTable {
    const table = this.#tables.get(name);
    if (table === undefined) throw new RangeError(`There is no table ${name}`);
    return table;
  }

  /** Applies a commit in one turn of the event loop, without an await, so that nobody sees half of it. */
  commit({ expectations, writes }: Commit): void {
    const rows = writes.map((write) => ({ write, row: this.#rowOf(write) }));
    const broken = expectations.find((expectation) => !this.#holds(expectation));
    if (broken !== undefined) throw new StoreError('conflict', `An expectation on ${broken.table} does not hold`);
    for (const { write, row } of rows) {
      if ('delete' in write) this.table(write.table).delete(write.key);
      else if (row !== undefined) this.table(write.table).put(row);
    }
  }

  #rowOf(write: Write): StoredRow | undefined {
    const version = ++this.#lastVersion;
    if ('append' in write) return { key: appendKey(write.prefix, version), value: copyRecord(write.append), version };
    checkKey(write.key);
    return 'put' in write ? { key: write.key.slice(), value: copyRecord(write.put), version } : undefined;
  }

  #holds(expectation: Expectation): boolean {
    const table = this.table(expectation.table);
    if ('emptyPrefix' in expectation) return !table.hasPrefix(expectation.emptyPrefix);
    checkKey(expectation.key);
    const version = table.get(expectation.key)?.version;
    if ('version' in expectation) return version === expectation.version;
    return (version === undefined) === (expectation.is === 'absent');
  }
}

function openHandle(tables: MemoryTables): MemoryMetadataStore {
  let closed = false;
  const openTables = () => {
    if (closed) throw new StoreError('closed', 'The metadata store was closed');
    return tables;
  };
  return {
    async get<Name extends TableName>(table: Name, key: Uint8Array): Promise<Stored<Tables[Name]> | undefined> {
      checkKey(key);
      const row = openTables().table(table).get(key);
      return row && { value: copyRecord(row.value as Tables[Name]), version: row.version };
    },
    async scan<Name extends TableName>(table: Name, options: ScanOptions): Promise<readonly Row<Tables[Name]>[]> {
      checkLimit(options.limit);
      const rows = openTables().table(table).scan(options);
      return rows.map(({ key, value, version }) => ({
        key: key.slice(),
        value: copyRecord(value as Tables[Name]),
        version,
      }));
    },
    async commit(commit) {
      openTables().commit(commit);
      publishWrite('records in memory', () => serialize(commit.writes));
    },
    async close() {
      closed = true;
    },
    reopen: () => openHandle(tables),
  };
}

function appendKey(prefix: Uint8Array, number: number): Uint8Array {
  const key = new Uint8Array(prefix.length + 8);
  key.set(prefix);
  new DataView(key.buffer).setBigUint64(prefix.length, BigInt(number));
  checkKey(key);
  return key;
}

function checkKey(key: Uint8Array): void {
  if (key.length < 1 || key.length > 1_400) throw new RangeError(`A key has 1 to 1,400 bytes, not ${key.length}`);
}

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new RangeError(`A scan's limit is 1 to 10,000, not ${limit}`);
}
