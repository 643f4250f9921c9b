import {
  migratePostgres,
  openPostgresStore,
  type PostgresStore,
  type PostgresStoreOptions,
} from '@coffer/store-postgres';
import { Client } from 'pg';

/** The address of a database on a test server, as its superuser. */
export function urlOf(port: number): string {
  return `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
}

/** Runs one statement as the superuser; resolves with its rows. */
export async function administer(port: number, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: urlOf(port) });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

let schemas = 0;

/** A store of its own in a schema of its own. */
export interface FreshSchema {
  readonly schema: string;
  /** Opens the store; several handles are as several processes. */
  open(options?: Partial<PostgresStoreOptions>): Promise<PostgresStore>;
  drop(): Promise<void>;
}

export async function freshSchema(port: number, defaults: Partial<PostgresStoreOptions> = {}): Promise<FreshSchema> {
  const schema = `test_${process.pid}_${schemas++}`;
  const url = urlOf(port);
  await migratePostgres({ url, schema });
  return {
    schema,
    open: (options = {}) => openPostgresStore({ url, schema, ...defaults, ...options }),
    drop: async () => {
      await administer(port, `DROP SCHEMA ${schema} CASCADE`);
    },
  };
}
