import { keys, type MetadataStore } from '@coffer/storage-ports';
import { parseAddress, type Address } from './address.ts';
import { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { DatabaseFailure, storeFailure } from './failure.ts';
import { checkNumber, checkSchemaName } from './options.ts';
import { PostgresMetadataStore } from './postgres-metadata-store.ts';
import { prepareSession, type DatabaseFacts } from './session.ts';
import { StateKeeper, type StoreState } from './store-state.ts';
import { databaseTables } from './table-names.ts';

export interface PostgresStoreOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; see the README for the parameters. It may hold a password. */
  readonly url: string;
  /** The schema that holds the store's tables. Default: `coffer`. */
  readonly schema?: string;
  /**
   * Refuses a database that does not hold this store (see `StoreIdentity`), one without any included. To be left out
   * only by who makes a store, or compares its identity afterwards.
   */
  readonly storeId?: string;
  /** Connections at most. Default: 10. */
  readonly connections?: number;
  /** Calls that may wait for a connection. Default: 10,000. */
  readonly waiting?: number;
  /** Milliseconds in which a connection must be made. Default: 5,000. */
  readonly connectLimit?: number;
  /** Milliseconds after which the server gives up a statement. Default: 10,000. */
  readonly statementLimit?: number;
  /**
   * Milliseconds after which a call gives up, with all that was tried again: so long, the end of a connection or a
   * failover is waited out. Default: 30,000.
   */
  readonly operationLimit?: number;
  /**
   * `read committed`, the default, excludes commits from each other by advisory locks; `serializable` is for servers
   * that have none, CockroachDB among them. All processes must use the same.
   */
  readonly isolation?: 'read committed' | 'serializable';
}

/** A metadata store over PostgreSQL. */
export interface PostgresStore extends MetadataStore {
  /** How the database was when it was last asked for something. */
  readonly state: StoreState;
  /** Asks the database now, and resolves with the state after it, in little more than `statementLimit`. */
  probe(): Promise<StoreState>;
}

/** How often commits whose outcome is unknown are looked after. */
const housekeepingEvery = 1_000;

/**
 * Opens the store in a database that {@link migratePostgres} has prepared.
 *
 * @throws AddressError for an option that is not usable. StoreError `io`, with one sentence, for a database that cannot
 * be reached or takes no writes, a wrong password, a missing right, a schema that is too old or too new, another
 * store's id.
 *
 * @example
 * ```ts
 * // What is wrong is said in one sentence, and a password is never part of it.
 * const url = 'postgres://coffer:secret@127.0.0.1:1/coffer';
 * const opening = openPostgresStore({ url, operationLimit: 500 });
 * await assert.rejects(opening, (error) => error.code === 'io' && !error.message.includes('secret'));
 * ```
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const settings = settingsOf(options);
  const address = parseAddress(options.url);
  const keeper = new StateKeeper(Date.now);
  let facts: DatabaseFacts | undefined;
  const pool = new ConnectionPool(() => openSession(address, settings, () => facts), {
    size: settings.connections,
    waiting: settings.waiting,
  });
  try {
    facts = await pool.use(settings.operationLimit, (connection) => checkRights(connection, settings));
    const store = new PostgresMetadataStore(pool, settings, keeper);
    await checkStoreId(store, options.storeId);
    return store;
  } catch (error) {
    await pool.close();
    throw storeFailure('Opening the store', error);
  }
}

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(options: PostgresStoreOptions) {
  const longest = 3_600_000;
  return {
    schema: checkSchemaName(options.schema),
    isolation: options.isolation ?? 'read committed',
    connections: checkNumber('connections', options.connections ?? 10, 1, 10_000),
    waiting: checkNumber('waiting', options.waiting ?? 10_000, 1, 1_000_000),
    connectLimit: checkNumber('connectLimit', options.connectLimit ?? 5_000, 1, longest),
    statementLimit: checkNumber('statementLimit', options.statementLimit ?? 10_000, 1, longest),
    operationLimit: checkNumber('operationLimit', options.operationLimit ?? 30_000, 1, longest),
    housekeepingEvery,
  } as const;
}

/** The id that the database had when it was opened is compared with that of each later connection. */
const databaseOf = new WeakMap<Connection, DatabaseFacts>();

async function openSession(
  address: Address,
  settings: Settings,
  expected: () => DatabaseFacts | undefined,
): Promise<Connection> {
  const connection = await Connection.open(address, settings.connectLimit);
  try {
    databaseOf.set(connection, await prepareSession(connection, settings, expected()));
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Asks for every right that the store needs, so that none is found missing in the middle of its work. */
async function checkRights(connection: Connection, { schema, statementLimit }: Settings): Promise<DatabaseFacts> {
  const tables = [...databaseTables.map(({ name }) => name), 'commit_ids', 'append_order'];
  const wanted = [
    ...tables.map(
      (name) => `('${name}', has_table_privilege('${schema}.${name}', 'SELECT') AND
      has_table_privilege('${schema}.${name}', 'INSERT') AND has_table_privilege('${schema}.${name}', 'UPDATE') AND
      has_table_privilege('${schema}.${name}', 'DELETE'))`,
    ),
    `('numbers', has_sequence_privilege('${schema}.numbers', 'USAGE'))`,
  ];
  const text = `SELECT name FROM (VALUES ${wanted.join(', ')}) AS rights (name, held) WHERE NOT held ORDER BY name`;
  const missing = (await connection.query({ text }, statementLimit)).map(([name]) => String(name));
  if (missing.length > 0)
    throw new DatabaseFailure('refused', '42501', `The user lacks rights on ${missing.join(', ')} in ${schema}`);
  const facts = databaseOf.get(connection);
  if (facts === undefined) throw new DatabaseFailure('lost', 'none', 'the connection was not prepared');
  return facts;
}

async function checkStoreId(store: MetadataStore, storeId: string | undefined): Promise<void> {
  if (storeId === undefined) return;
  const identity = await store.get('storeIdentity', keys.storeIdentity());
  if (identity?.value.storeId === storeId) return;
  // An emptied or exchanged database is not the one that was asked for.
  const found = identity === undefined ? 'no store' : `the store ${identity.value.storeId}`;
  throw new DatabaseFailure('refused', 'schema', `The database holds ${found}, not ${storeId}`);
}
