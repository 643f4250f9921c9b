import {
  StoreError,
  type Commit,
  type Row,
  type RowPlace,
  type ScanOptions,
  type Stored,
  type TableName,
  type Tables,
} from '@coffer/storage-ports';
import { Backoff, pause } from './backoff.ts';
import { answers } from './commit-function.ts';
import { CommitOutcomes } from './commit-outcomes.ts';
import type { Rows, Statement } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { checkKey, encodeCommit, type EncodedCommit } from './encoded-commit.ts';
import { DatabaseFailure, storeFailure } from './failure.ts';
import { getStatement, scanStatement } from './read-statements.ts';
import { decodeRecord } from './record-codec.ts';
import type { StateKeeper, StoreState } from './store-state.ts';

/** Time limits and the like of an open store; see {@link PostgresStoreOptions}. */
export interface StoreSettings {
  readonly schema: string;
  readonly isolation: 'read committed' | 'serializable';
  readonly statementLimit: number;
  readonly operationLimit: number;
  readonly housekeepingEvery: number;
}

/** The server gives up a statement first; its answer needs some time for the way, but not ever so long. */
const longestAnswerTime = 2_000;
const pruneEvery = 60_000;
const firstPause = 2;
const longestPause = 250;

/** The metadata port over a pool of connections. Closing the store closes the pool. */
export class PostgresMetadataStore {
  readonly #pool: ConnectionPool;
  readonly #settings: StoreSettings;
  readonly #keeper: StateKeeper;
  readonly #outcomes: CommitOutcomes;
  readonly #underWay = new Set<Promise<void>>();
  readonly #housekeeping: NodeJS.Timeout;
  #pruneAt: number;
  #keepingHouse: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(pool: ConnectionPool, settings: StoreSettings, keeper: StateKeeper) {
    this.#pool = pool;
    this.#settings = settings;
    this.#keeper = keeper;
    this.#outcomes = new CommitOutcomes(pool, settings);
    // Not all nodes at one time.
    this.#pruneAt = performance.now() + pruneEvery * Math.random();
    this.#housekeeping = setInterval(() => {
      this.#keepHouse();
    }, settings.housekeepingEvery).unref();
  }

  get state(): StoreState {
    return { ...this.#keeper.state, unresolved: this.#outcomes.unresolved };
  }

  async probe(): Promise<StoreState> {
    this.#checkOpen();
    const { is } = this.#keeper.state;
    const { schema, statementLimit } = this.#settings;
    // Only a write tells whether the server takes writes again; a healthy one is spared it.
    const text =
      is === 'ready'
        ? 'SELECT 1'
        : `INSERT INTO ${schema}.commit_ids (id, abandoned, made_at) VALUES ($1, true, now())`;
    const values = is === 'ready' ? [] : [this.#outcomes.newId()];
    try {
      await this.#ask({ text, values }, performance.now() + statementLimit);
      if (is !== 'ready') this.#keeper.written();
    } catch (error) {
      if (!(error instanceof DatabaseFailure)) throw error;
    }
    return this.state;
  }

  async get<Name extends TableName>(table: Name, key: Uint8Array): Promise<Stored<Tables[Name]> | undefined> {
    checkKey(key);
    this.#checkOpen();
    const [row] = await this.#read(getStatement(this.#settings.schema, table, key));
    if (row === undefined) return undefined;
    const [version, value] = row as [number, Buffer];
    return decoding({ table, key }, () => ({ value: decodeRecord(table, value), version }));
  }

  async scan<Name extends TableName>(table: Name, options: ScanOptions): Promise<readonly Row<Tables[Name]>[]> {
    checkLimit(options.limit);
    this.#checkOpen();
    const rows = await this.#read(scanStatement(this.#settings.schema, table, options));
    return rows.map((row) => {
      const [key, version, value] = row as [Buffer, number, Buffer];
      return decoding({ table, key }, () => ({
        key: Uint8Array.from(key),
        value: decodeRecord(table, value),
        version,
      }));
    });
  }

  async commit(commit: Commit): Promise<void> {
    this.#checkOpen();
    const encoded = encodeCommit(this.#settings.schema, commit, this.#settings.isolation === 'read committed');
    const work = this.#perform(commit, encoded);
    this.#underWay.add(work);
    try {
      await work;
    } catch (error) {
      this.#keeper.failed(error);
      throw storeFailure('The commit', error);
    } finally {
      this.#underWay.delete(work);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#housekeeping);
    await Promise.allSettled([...this.#underWay, this.#keepingHouse]);
    await this.#pool.close();
  }

  /** Tries again what certainly did nothing, as long as there is time. */
  async #perform(commit: Commit, encoded: EncodedCommit): Promise<void> {
    const until = performance.now() + this.#settings.operationLimit;
    const backoff = new Backoff(firstPause, longestPause);
    for (;;) {
      try {
        const answer = await this.#attempt(encoded, until);
        if (answer === answers.done) return;
        if (answer !== answers.abandoned) throw conflict(commit, answer);
      } catch (error) {
        if (!mayPass(error)) throw error;
        this.#keeper.failed(error);
        const wait = backoff.next();
        if (performance.now() + wait >= until) throw error;
        await pause(wait);
      }
    }
  }

  /** One attempt, with an id of its own. */
  async #attempt({ parameters, writes }: EncodedCommit, until: number): Promise<number> {
    const id = this.#outcomes.newId();
    const text = `SELECT ${this.#settings.schema}.commit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;
    const values = [id, ...parameters];
    const sentAt = performance.now();
    try {
      const rows = await this.#pool.use(Math.max(1, until - performance.now()), (connection) =>
        connection.commit({ text, values, name: 'commit' }, this.#limit(until)),
      );
      this.#keeper.written();
      return Number(rows[0]?.[0]);
    } catch (error) {
      // What expects but does not write is simply asked again.
      const open = writes > 0 && error instanceof DatabaseFailure && error.kind === 'lost';
      if (!open) throw error;
      this.#keeper.failed(error);
      return (await this.#outcomes.tookEffect({ id, sentAt }, until)) ? answers.done : answers.abandoned;
    }
  }

  async #read(statement: Statement): Promise<Rows> {
    const until = performance.now() + this.#settings.operationLimit;
    const backoff = new Backoff(firstPause, longestPause);
    for (;;) {
      try {
        return await this.#ask(statement, until);
      } catch (error) {
        const wait = backoff.next();
        if (!mayPass(error) || performance.now() + wait >= until) throw storeFailure('The read', error);
        await pause(wait);
      }
    }
  }

  async #ask(statement: Statement, until: number): Promise<Rows> {
    try {
      const rows = await this.#pool.use(Math.max(1, until - performance.now()), (connection) =>
        connection.query(statement, this.#limit(until)),
      );
      this.#keeper.read();
      return rows;
    } catch (error) {
      this.#keeper.failed(error);
      throw error;
    }
  }

  #limit(until: number): number {
    const { statementLimit } = this.#settings;
    const limit = statementLimit + Math.min(longestAnswerTime, statementLimit);
    return Math.max(1, Math.min(limit, until - performance.now()));
  }

  #keepHouse(): void {
    const prune = performance.now() >= this.#pruneAt;
    if (this.#keepingHouse !== undefined || (!prune && this.#outcomes.unresolved === 0)) return;
    if (prune) this.#pruneAt = performance.now() + pruneEvery;
    const work = async () => {
      await this.#outcomes.settle();
      if (prune) await this.#outcomes.prune();
    };
    this.#keepingHouse = work()
      .catch((error: unknown) => {
        this.#keeper.failed(error);
      })
      .finally(() => {
        this.#keepingHouse = undefined;
      });
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', 'The metadata store was closed');
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof DatabaseFailure && error.kind !== 'refused';
}

function conflict({ expectations }: Commit, answer: number): StoreError {
  const table = expectations[answer - 1]?.table ?? 'a table';
  return new StoreError('conflict', `An expectation on ${table} does not hold`);
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

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new RangeError(`A scan's limit is 1 to 10,000, not ${limit}`);
}
