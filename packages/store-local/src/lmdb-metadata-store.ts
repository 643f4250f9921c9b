import {
  StoreError,
  compareKeys,
  type Commit,
  type MetadataStore,
  type Row,
  type RowPlace,
  type ScanOptions,
  type Stored,
  type TableName,
  type Tables,
} from '@coffer/storage-ports';
import { DecodedSettings } from './decoded-settings.ts';
import { checkKey, encodeCommit } from './encoded-commit.ts';
import { GroupCommit } from './group-commit.ts';
import type { LmdbEnvironment } from './lmdb-environment.ts';
import { decodeRecord, readVersion } from './record-codec.ts';
import type { SpaceReserve } from './space-reserve.ts';
import { attempt, storeFailure } from './store-failure.ts';

/** The smallest possible key: LMDB has no empty keys. */
const firstKey = Uint8Array.of(0);

/** The metadata port over an open LMDB environment. Closing the store closes the environment. */
export class LmdbMetadataStore implements MetadataStore {
  readonly #environment: LmdbEnvironment;
  readonly #groupCommit: GroupCommit;
  readonly #settings = new DecodedSettings();
  #closing: Promise<void> | undefined;

  constructor(environment: LmdbEnvironment, reserve: SpaceReserve) {
    this.#environment = environment;
    this.#groupCommit = new GroupCommit(environment, reserve);
  }

  // The methods are async so that whatever they throw is a rejection.

  // eslint-disable-next-line @typescript-eslint/require-await -- LMDB reads are synchronous
  async get<Name extends TableName>(table: Name, key: Uint8Array): Promise<Stored<Tables[Name]> | undefined> {
    checkKey(key);
    return this.#read(() => {
      // The result lies in memory that the next read uses again, so everything that is taken from it is copied.
      const found = this.#environment.tableToRead(table)?.getBinaryFast(key);
      if (found === undefined) return undefined;
      const record = found.subarray(0, found.length);
      return decoding({ table, key }, () => {
        const version = readVersion(record);
        const value = this.#settings.valueOf(table, key, version, () => decodeRecord(table, record));
        return { value, version };
      });
    });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- LMDB reads are synchronous
  async scan<Name extends TableName>(table: Name, options: ScanOptions): Promise<readonly Row<Tables[Name]>[]> {
    checkLimit(options.limit);
    return this.#read(() => {
      if (options.end !== undefined && compareKeys(options.start, options.end) >= 0) return [];
      const rows: Row<Tables[Name]>[] = [];
      for (const { key, value } of this.#environment.tableToRead(table)?.getRange(lmdbRange(options)) ?? [])
        rows.push(
          decoding({ table, key }, () => ({
            key: Uint8Array.from(key),
            value: decodeRecord(table, value),
            version: readVersion(value),
          })),
        );
      return rows;
    });
  }

  async commit(commit: Commit): Promise<void> {
    this.#checkOpen();
    await this.#groupCommit.add(encodeCommit(this.#environment, commit));
  }

  /**
   * Makes `data.mdb` in an empty directory: all that was committed before, and nothing of any later commit. Others may
   * read and write meanwhile; pages that the copy still has to read are not reused before it has ended. Free pages,
   * which may hold deleted data, are left out. The copy is not flushed.
   */
  async copyTo(directory: string): Promise<void> {
    this.#checkOpen();
    await attempt('Copying the metadata', this.#environment.root.backup(directory, true));
  }

  close(): Promise<void> {
    this.#closing ??= this.#groupCommit.idle().then(() => this.#environment.root.close());
    return this.#closing;
  }

  /** Runs synchronous reads in one fresh read transaction: lmdb-js would reuse one for the rest of the event turn. */
  #read<T>(reads: () => T): T {
    this.#checkOpen();
    try {
      this.#environment.root.resetReadTxn();
      return reads();
    } catch (error) {
      throw storeFailure('The read', error);
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', 'The metadata store was closed');
  }
}

/** @throws StoreError `damaged` where the row's record does not decode. */
function decoding<T>({ table, key }: RowPlace, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new StoreError('damaged', `A record in ${table} does not decode`, {
      cause,
      row: { table, key: Uint8Array.from(key) },
    });
  }
}

function lmdbRange({ start, end, limit, reverse = false }: ScanOptions) {
  const first = start.length === 0 ? firstKey : start;
  if (!reverse) return { start: first, ...(end && { end }), limit };
  return { reverse, ...(end && { start: end, exclusiveStart: true }), end: first, inclusiveEnd: true, limit };
}

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new RangeError(`A scan's limit is 1 to 10,000, not ${limit}`);
}
