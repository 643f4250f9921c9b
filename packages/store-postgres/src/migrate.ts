import { randomBytes } from 'node:crypto';
import { parseAddress } from './address.ts';
import { Connection } from './connection.ts';
import { DatabaseFailure, storeFailure } from './failure.ts';
import { migrations, schemaVersion } from './migrations.ts';
import { checkSchemaName } from './options.ts';

export interface MigrateOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; see the README for the parameters. It may hold a password. */
  readonly url: string;
  /** The schema that holds the store's tables. Default: `coffer`. It is made if it is not there. */
  readonly schema?: string;
}

/** What a migration did: equal numbers if there was nothing to do. 0: there was no store. */
export interface Migrated {
  readonly from: number;
  readonly to: number;
}

/** Migrations may rewrite tables. */
const statementLimit = 60 * 60_000;
const connectLimit = 10_000;

/** Half of a lock's name, "coff"; the other half is of the schema. */
const lockSpace = 0x636f6666;

/**
 * Makes the tables of a store, or brings them to the version of this program, in one transaction: all of it, or
 * nothing. Of several that run at once, one does the work and the others find it done. The user needs the right to
 * create a schema, or to own it.
 *
 * @throws AddressError for an address or a name that is not usable; StoreError `io` for everything else, a schema that
 * is newer than this program among it.
 */
export async function migratePostgres(options: MigrateOptions): Promise<Migrated> {
  const schema = checkSchemaName(options.schema);
  const address = parseAddress(options.url);
  try {
    const connection = await Connection.open(address, connectLimit);
    try {
      return await migrateOver(connection, schema);
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw storeFailure('The migration', error);
  }
}

async function migrateOver(connection: Connection, schema: string): Promise<Migrated> {
  const run = (text: string) => connection.script(text, statementLimit);
  await run('BEGIN');
  // CockroachDB takes this statement and locks nothing: there, only one may run at a time.
  await run(`SELECT pg_advisory_xact_lock(${lockSpace}, hashtext('${schema}'))`);
  if ((await run(`SELECT 1 FROM pg_namespace WHERE nspname = '${schema}'`)).length === 0)
    await run(`CREATE SCHEMA ${schema}`);
  await run(`CREATE TABLE IF NOT EXISTS ${schema}.store (version integer NOT NULL, database_id text NOT NULL)`);
  const from = Number((await run(`SELECT version FROM ${schema}.store`))[0]?.[0] ?? 0);
  if (from > schemaVersion)
    throw new DatabaseFailure(
      'refused',
      'schema',
      `the schema ${schema} has version ${from}, and this program knows ${schemaVersion}: update it`,
    );
  if (from === 0)
    await run(`INSERT INTO ${schema}.store (version, database_id) VALUES (0, '${randomBytes(16).toString('hex')}')`);
  for (const migration of migrations.slice(from)) for (const statement of migration(schema)) await run(statement);
  await run(`UPDATE ${schema}.store SET version = ${schemaVersion}`);
  await run('COMMIT');
  return { from, to: schemaVersion };
}
