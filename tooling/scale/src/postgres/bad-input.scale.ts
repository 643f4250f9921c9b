import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError, keys } from '@coffer/storage-ports';
import { migratePostgres, openPostgresStore, type PostgresStoreOptions } from '@coffer/store-postgres';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { administer, freshSchema, urlOf, type FreshSchema } from './databases.ts';

const port = inject('postgresPort');
const key = new TextEncoder().encode('a');
const write = { expectations: [], writes: [{ table: 'counters', key, put: { last: 1 } }] } as const;

let fresh: FreshSchema;
beforeEach(async () => {
  fresh = await freshSchema(port);
});
afterEach(() => fresh.drop());

/** The sentence with which opening is refused. */
async function refusal(options: Partial<PostgresStoreOptions>): Promise<string> {
  const opening = openPostgresStore({ url: urlOf(port), schema: fresh.schema, operationLimit: 2_000, ...options });
  const error: unknown = await opening.then(
    (store) => store.close(),
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(StoreError);
  expect(error).toMatchObject({ code: 'io' });
  return (error as StoreError).message;
}

describe('opening', () => {
  it('a wrong password', async () => {
    const message = await refusal({ url: urlOf(port).replace('postgres:postgres', 'postgres:very-secret') });
    expect(message).toMatch(/the server refuses the password \(28P01\)$/);
    expect(message).not.toContain('very-secret');
  });

  it('a wrong address', async () => {
    expect(await refusal({ url: urlOf(await freePort()), operationLimit: 500 })).toContain('ECONNREFUSED');
  });

  it('a database that is not there', async () => {
    expect(await refusal({ url: urlOf(port).replace(/postgres$/, 'nowhere') })).toContain('"nowhere" does not exist');
  });

  it('a schema that was never made', async () => {
    expect(await refusal({ schema: 'elsewhere' })).toContain('has no schema elsewhere of a store: run the migration');
  });

  it.each([
    [0, 'has version 0, too old'],
    [99, 'has version 99, too new'],
  ])('a schema of version %i', async (version, sentence) => {
    await administer(port, `UPDATE ${fresh.schema}.store SET version = ${version}`);
    expect(await refusal({})).toContain(sentence);
    if (version === 99)
      await expect(migratePostgres({ url: urlOf(port), schema: fresh.schema })).rejects.toMatchObject({ code: 'io' });
  });

  it('a store of another id', async () => {
    expect(await refusal({ storeId: 'a'.repeat(32) })).toContain(`holds no store, not ${'a'.repeat(32)}`);
    const store = await fresh.open();
    const identity = { storeId: 'a'.repeat(32), formatVersion: 1, generation: 'b'.repeat(32) };
    const put = { table: 'storeIdentity', key: keys.storeIdentity(), put: identity } as const;
    await store.commit({ expectations: [], writes: [put] });
    await store.close();
    expect(await refusal({ storeId: 'c'.repeat(32) })).toContain(`holds the store ${'a'.repeat(32)}, not`);
    await (await fresh.open({ storeId: 'a'.repeat(32) })).close();
  });

  it('missing rights', async () => {
    const role = `${fresh.schema}_role`;
    await administer(port, `CREATE ROLE ${role} LOGIN PASSWORD 'pw'`);
    await administer(port, `GRANT USAGE ON SCHEMA ${fresh.schema} TO ${role}`);
    await administer(port, `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${fresh.schema} TO ${role}`);
    await administer(port, `REVOKE DELETE ON ${fresh.schema}.parts FROM ${role}`);
    const url = urlOf(port).replace('postgres:postgres', `${role}:pw`);
    expect(await refusal({ url })).toContain(`lacks rights on numbers, parts in ${fresh.schema}`);
    await administer(port, `GRANT DELETE ON ${fresh.schema}.parts TO ${role}`);
    await administer(port, `GRANT USAGE ON SEQUENCE ${fresh.schema}.numbers TO ${role}`);
    const store = await fresh.open({ url });
    await store.commit(write);
    await store.close();
    await administer(port, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});

describe('migrating', () => {
  it('twice changes nothing, and many at once make one schema', async () => {
    const options = { url: urlOf(port), schema: `${fresh.schema}_at_once` };
    const results = await Promise.all([1, 2, 3, 4].map(() => migratePostgres(options)));
    expect(results.map(({ from, to }) => [from, to]).sort()).toEqual([
      [0, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    await administer(port, `DROP SCHEMA ${options.schema} CASCADE`);
  });
});

describe('a server that changes', () => {
  it('is read-only for a while', async () => {
    const store = await fresh.open({ connections: 1, operationLimit: 1_000 });
    await administer(port, `ALTER DATABASE postgres SET default_transaction_read_only = on`);
    try {
      await administer(
        port,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'coffer'`,
      );
      await expect(store.commit(write)).rejects.toMatchObject({ code: 'io' });
      expect(await store.probe()).toMatchObject({ is: 'read_only' });
    } finally {
      await administer(port, 'BEGIN READ WRITE; ALTER DATABASE postgres RESET ALL; COMMIT');
    }
    await expect.poll(async () => (await store.probe()).is).toBe('ready');
    await store.commit(write);
    await store.close();
  });

  it('is another database after a reconnect', async () => {
    const store = await fresh.open({ connections: 1, operationLimit: 1_000 });
    await administer(port, `UPDATE ${fresh.schema}.store SET database_id = 'another'`);
    await administer(port, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'coffer'`);
    await expect(store.get('counters', key)).rejects.toMatchObject({ code: 'io' });
    expect(store.state).toMatchObject({ is: 'wrong_schema' });
    await store.close();
  });
});

/** Why no small file system can be made here; undefined if it can. */
function withoutSmallDisk(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root mounts';
  const place = mkdtempSync(join(tmpdir(), 'coffer-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return undefined;
  } catch {
    return 'mounting is not allowed';
  } finally {
    rmSync(place, { recursive: true });
  }
}

const impossible = withoutSmallDisk();
const title = 'a full disk: full, with its state, until something was removed';
it.skipIf(impossible !== undefined)(
  impossible === undefined ? title : `${title} (not here: ${impossible})`,
  async () => {
    const place = mkdtempSync(join(tmpdir(), 'coffer-small-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=0777', 'tmpfs', place]);
    try {
      execFileSync('chown', ['postgres:postgres', place]);
      await administer(port, `CREATE TABLESPACE small LOCATION '${place}'`);
      await administer(port, `ALTER TABLE ${fresh.schema}.inline_blobs SET TABLESPACE small`);
      const store = await fresh.open();
      const put = (n: number) =>
        ({
          table: 'inlineBlobs',
          key: Uint8Array.of(n >> 8, n & 255),
          put: new Uint8Array(1_000_000).fill(n),
        }) as const;
      let failure: unknown;
      let filled = 0;
      for (; failure === undefined && filled < 100; filled++)
        failure = await store.commit({ expectations: [], writes: [put(filled)] }).then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(failure).toMatchObject({ name: 'StoreError', code: 'full' });
      expect(store.state.is).toBe('full');
      expect((await store.get('inlineBlobs', Uint8Array.of(0, 1)))?.value.length).toBe(1_000_000);
      expect(store.state.is).toBe('full');
      await store.commit({
        expectations: [],
        writes: [{ table: 'inlineBlobs', key: Uint8Array.of(0, 1), delete: true }],
      });
      expect(store.state.is).toBe('ready');
      await store.close();
    } finally {
      await administer(port, `DROP TABLE IF EXISTS ${fresh.schema}.inline_blobs`);
      await administer(port, 'DROP TABLESPACE IF EXISTS small');
      execFileSync('umount', ['-l', place]);
      rmSync(place, { recursive: true });
    }
  },
);
