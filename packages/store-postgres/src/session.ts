import type { Connection } from './connection.ts';
import { DatabaseFailure } from './failure.ts';
import { schemaVersion } from './migrations.ts';

/** How sessions are set. */
export interface SessionSettings {
  readonly schema: string;
  readonly isolation: 'read committed' | 'serializable';
  /** Milliseconds after which the server gives up a statement. */
  readonly statementLimit: number;
}

/** What a database says of itself; `databaseId` differs between any two that were made by `migrate`. */
export interface DatabaseFacts {
  readonly databaseId: string;
}

/**
 * The statements that set up a session, in one round trip.
 *
 * - The planner is left no way but the primary key: a scan then reads the rows it answers, whatever the statistics say
 *   of a table that has just grown. CockroachDB has no such settings; there these lines have to go.
 * - A commit waits for the disk, also where the server's default is not to; to wait for standbys as well is the
 *   server's setting.
 */
function setUp({ schema, isolation, statementLimit }: SessionSettings): string {
  return [
    `SET statement_timeout = ${statementLimit}`,
    `SET default_transaction_isolation = '${isolation}'`,
    "SET bytea_output = 'hex'",
    "SET search_path = ''",
    ...['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin'].map((way) => `SET enable_${way} = off`),
    'SET jit = off',
    `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`,
    `SELECT version, database_id, pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'
      FROM ${schema}.store`,
  ].join(';\n');
}

/**
 * Prepares a new connection and looks at what it leads to, since after a failover an address may lead elsewhere.
 *
 * @param expected The database that the store was opened with; undefined while it is being opened.
 * @throws DatabaseFailure which says in a sentence what does not fit.
 */
export async function prepareSession(
  connection: Connection,
  settings: SessionSettings,
  expected: DatabaseFacts | undefined,
): Promise<DatabaseFacts> {
  const limit = settings.statementLimit;
  const rows = await connection.script(setUp(settings), limit).catch((error: unknown) => {
    throw explained(error, settings.schema);
  });
  const [version, databaseId, readOnly] = rows[0] ?? [];
  if (typeof version !== 'number' || typeof databaseId !== 'string')
    throw wrongSchema(`The schema ${settings.schema} says nothing of its version: restore it from a backup`);
  checkVersion(settings.schema, version);
  if (expected !== undefined && expected.databaseId !== databaseId)
    throw wrongSchema('The address now leads to another database than the one that was opened');
  if (readOnly === true)
    throw new DatabaseFailure('unreachable', '25006', 'The server takes no writes: it is a standby, or set read-only');
  return { databaseId };
}

/** Where the schema or the table of its version is missing, nothing was migrated. */
function explained(error: unknown, schema: string): unknown {
  if (!(error instanceof DatabaseFailure) || !['3F000', '42P01'].includes(error.code)) return error;
  return wrongSchema(`The database has no schema ${schema} of a store: run the migration`);
}

function checkVersion(schema: string, version: number): void {
  if (version < schemaVersion)
    throw wrongSchema(
      `The schema ${schema} has version ${version}, too old for this program, which needs ${schemaVersion}: migrate it`,
    );
  if (version > schemaVersion)
    throw wrongSchema(
      `The schema ${schema} has version ${version}, too new for this program, which knows ${schemaVersion}: update it`,
    );
}

function wrongSchema(message: string): DatabaseFailure {
  return new DatabaseFailure('refused', 'schema', message);
}
