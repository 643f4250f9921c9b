import { prefixRange, recordKey } from '@coffer/storage-ports';
import { openPostgresStore, type PostgresStore } from '@coffer/store-postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FaultyProxy } from '../faulty-proxy.ts';
import { administer, freshSchema, urlOf } from './databases.ts';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

const short = process.env['COFFER_SCALE_SHORT'] !== undefined;

let primary: PostgresServer;
let standby: PostgresServer;
let proxy: FaultyProxy;

beforeEach(async () => {
  primary = await startPostgres();
  // The standby must not wait for one of its own when it is the primary.
  standby = await startPostgres({ standbyOf: primary });
  await primary.configure({ synchronous_standby_names: "'standby'", synchronous_commit: "'remote_apply'" });
  await expect.poll(() => synchronous(primary.port)).toBe('sync');
  proxy = await FaultyProxy.start(primary.port);
});

afterEach(async () => {
  await proxy.close();
  await standby.remove();
  await primary.remove();
});

async function synchronous(port: number): Promise<unknown> {
  return (await administer(port, 'SELECT sync_state FROM pg_stat_replication'))[0]?.['sync_state'];
}

const prefix = recordKey('log');

it('the primary crashes amid commits and the standby is promoted: what was acknowledged is there once', async () => {
  const { schema } = await freshSchema(primary.port);
  const options = { schema, connectLimit: 2_000, statementLimit: 5_000, operationLimit: 60_000 };
  const stores = await Promise.all([0, 1].map(() => openPostgresStore({ ...options, url: urlOf(proxy.port) })));
  const acknowledged: number[] = [];
  let next = 0;
  let ended = false;
  const loop = async (store: PostgresStore) => {
    while (!ended) {
      const number = next++;
      await store.commit({ expectations: [], writes: [{ table: 'counters', prefix, append: { last: number } }] });
      acknowledged.push(number);
    }
  };
  const loops = [...stores, ...stores, ...stores].map(loop);
  await expect.poll(() => acknowledged.length).toBeGreaterThan(100);
  await primary.stop('immediate');
  await standby.promote();
  proxy.target = standby.port;
  proxy.cutAll();
  const before = acknowledged.length;
  await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 100);
  ended = true;
  await Promise.all(loops);

  const direct = await openPostgresStore({ ...options, url: urlOf(standby.port) });
  const rows = await direct.scan('counters', { ...prefixRange(prefix), limit: 10_000 });
  const found = rows.map(({ value }) => value.last);
  expect(new Set(found).size).toBe(found.length);
  // No commit was rejected, so none is in doubt.
  expect([...found].sort((a, b) => a - b)).toEqual([...acknowledged].sort((a, b) => a - b));
  await direct.close();
  for (const store of stores) {
    expect(store.state).toMatchObject({ is: 'ready', unresolved: 0 });
    await store.close();
  }
});

it.skipIf(short)('a standby is refused, with its state, until it is promoted', async () => {
  const { schema } = await freshSchema(primary.port);
  const options = { schema, operationLimit: 2_000 };
  await expect(openPostgresStore({ ...options, url: urlOf(standby.port) })).rejects.toMatchObject({
    code: 'io',
    message: 'Opening the store failed: The server takes no writes: it is a standby, or set read-only',
  });
  const store = await openPostgresStore({ ...options, url: urlOf(proxy.port) });
  proxy.target = standby.port;
  proxy.cutAll();
  await expect(
    store.commit({ expectations: [], writes: [{ table: 'counters', prefix, append: { last: 1 } }] }),
  ).rejects.toMatchObject({ code: 'io' });
  expect((await store.probe()).is).toBe('read_only');
  await primary.stop('fast');
  await standby.promote();
  await expect.poll(async () => (await store.probe()).is).toBe('ready');
  await store.commit({ expectations: [], writes: [{ table: 'counters', prefix, append: { last: 2 } }] });
  await store.close();
});

// With the short limit, asking for the outcome is itself given up again and again while the standby is away.
it.each([60_000, 1_000])(
  'a commit that an operator lets go without its standby is not acknowledged before the standby has it, with statements of up to %i ms',
  async (statementLimit) => {
    const { schema } = await freshSchema(primary.port);
    const options = { schema, statementLimit, operationLimit: 240_000 };
    const store = await openPostgresStore({ ...options, url: urlOf(proxy.port) });
    await standby.stop('immediate');
    let done = false;
    const commit = store
      .commit({ expectations: [], writes: [{ table: 'counters', prefix, append: { last: 1 } }] })
      .then(() => (done = true));
    const waiting = async () =>
      await administer(primary.port, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    await expect.poll(async () => (await waiting()).length).toBe(1);
    // The server now answers as if the commit were complete, with a warning.
    await administer(primary.port, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    // The store asks what became of it, which waits for the standby as well.
    await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0);
    expect(done).toBe(false);
    await standby.start();
    await commit;
    const rows = await store.scan('counters', { ...prefixRange(prefix), limit: 10 });
    expect(rows.map(({ value }) => value.last)).toEqual([1]);
    await store.close();
  },
);
