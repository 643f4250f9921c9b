import type { TableName, Tables } from './tables.ts';

/** A record as stored, with the mark that changes whenever it is written. */
export interface Stored<T> {
  /** Several callers may hold the same object, so nobody may change it. */
  readonly value: T;
  /** Differs between any two writes of a key, also when it was deleted and made again in between. */
  readonly version: number;
}

export interface Row<T> extends Stored<T> {
  readonly key: Uint8Array;
}

/** Which rows of a table, and in which direction. */
export interface ScanOptions {
  /** First key wanted, inclusive. */
  readonly start: Uint8Array;
  /** First key no longer wanted, exclusive; undefined: to the end of the table. */
  readonly end: Uint8Array | undefined;
  /** At most this many rows, 1 … 10,000. */
  readonly limit: number;
  /** Rows from the end of the range backwards. Default: forwards. */
  readonly reverse?: boolean;
}

/** What must hold at the moment a commit takes effect. */
export type Expectation =
  | { readonly table: TableName; readonly key: Uint8Array; readonly is: 'absent' | 'present' }
  | { readonly table: TableName; readonly key: Uint8Array; readonly version: number }
  /** No key of the table begins with the prefix. */
  | { readonly table: TableName; readonly emptyPrefix: Uint8Array };

/** A record written or deleted. */
export type Write = {
  [Name in TableName]:
    | { readonly table: Name; readonly key: Uint8Array; readonly put: Tables[Name] }
    | { readonly table: Name; readonly key: Uint8Array; readonly delete: true }
    /**
     * Adds the record under a new key: `prefix` (0 … 1,392 bytes) followed by a number in 8 bytes, big-endian. The
     * number is a safe integer. It is greater than the numbers of all earlier appends to the table, from any process,
     * including rows that were deleted since; of several appends in one commit, a later one has a greater number.
     * Numbers may be skipped. So the rows of a prefix are in the order of their commits, and a reader that has seen one
     * never finds a new one before it.
     */
    | { readonly table: Name; readonly prefix: Uint8Array; readonly append: Tables[Name] };
}[TableName];

/** What must hold, and what is written if it does. */
export interface Commit {
  readonly expectations: readonly Expectation[];
  readonly writes: readonly Write[];
}

/**
 * Ordered tables of records with atomic, durable, conditional commits. Everything the server knows apart from large
 * blobs.
 *
 * - Every method may be called concurrently, by several processes that share the store.
 * - Reads see every commit that was acknowledged before they began, from any process (read-after-write, scans
 *   included).
 * - A scan shows the state of one moment. Keys compare bytewise. Records come back equal to what was put: plain data
 *   with strings, numbers, booleans, null, arrays, objects and `Uint8Array`; what is returned is the caller's own copy.
 * - Keys have 1 … 1,400 bytes; records' texts are well-formed Unicode. Other keys, and scan limits out of bounds, are
 *   mistakes of the caller and reject with RangeError.
 * - Failures are {@link StoreError}s. A store that cannot tell whether a commit took effect rejects with `io`, and
 *   refuses further commits until it was opened again if its own view of the records may then be wrong. A store that
 *   keeps no view of its own, since each call asks the database, goes on, and finds out afterwards what became of the
 *   commit: from then on, a commit that had not taken effect cannot do so any more.
 */
export interface MetadataStore {
  /**
   * The record, or undefined if there is none.
   *
   * @throws StoreError `damaged` if it does not decode; `io`, `closed`.
   */
  get<Name extends TableName>(table: Name, key: Uint8Array): Promise<Stored<Tables[Name]> | undefined>;

  /**
   * Rows of the range in key order, at most `limit`. Fewer than `limit` means that the range has no more.
   *
   * @throws StoreError `damaged` for the first row, in the order of the scan, that does not decode; `io`, `closed`.
   */
  scan<Name extends TableName>(table: Name, options: ScanOptions): Promise<readonly Row<Tables[Name]>[]>;

  /**
   * Checks all expectations and performs all writes as one step, or does nothing. Resolves once the writes would
   * survive a power cut. Later writes to the same key within one commit win. Deleting what is not there is allowed.
   *
   * @throws StoreError `conflict` if an expectation does not hold, `full`, `io`, `closed`.
   */
  commit(commit: Commit): Promise<void>;

  /** Waits for commits under way and releases the store. Idempotent. */
  close(): Promise<void>;
}
