import { StoreError, prefixRange, recordKey, type MetadataStore } from '@coffer/storage-ports';
import type { PostgresStore } from '@coffer/store-postgres';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { FaultyProxy, type Fate } from '../faulty-proxy.ts';
import { administer, freshSchema, urlOf, type FreshSchema } from './databases.ts';

const port = inject('postgresPort');
const operationLimit = 8_000;
const short = process.env['COFFER_SCALE_SHORT'] !== undefined;

let fresh: FreshSchema;
let proxy: FaultyProxy;
let store: PostgresStore;

beforeEach(async () => {
  fresh = await freshSchema(port);
  proxy = await FaultyProxy.start(port);
  const limits = { connectLimit: 500, statementLimit: 500, operationLimit };
  store = await fresh.open({ url: urlOf(proxy.port), connections: 4, ...limits });
});

afterEach(async () => {
  proxy.fate = () => 'pass';
  await store.close();
  await proxy.close();
  await fresh.drop();
});

const prefix = recordKey('log');

/** Appends a number; whether it was acknowledged. */
async function append(to: MetadataStore, number: number): Promise<boolean> {
  try {
    await to.commit({ expectations: [], writes: [{ table: 'counters', prefix, append: { last: number } }] });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: 'StoreError', code: 'io' });
    return false;
  }
}

/** What was appended, read past the proxy. */
async function appended(): Promise<readonly number[]> {
  const direct = await fresh.open();
  try {
    const rows = await direct.scan('counters', { ...prefixRange(prefix), limit: 10_000 });
    return rows.map((row) => row.value.last);
  } finally {
    await direct.close();
  }
}

const fates: readonly Fate[] = ['cut', 'cut after', 'half open', 30];

// A connection takes some eight messages, so that with a smaller n there would be none.
describe.each(fates)('every n-th message: %s', (fate) => {
  it.each(short ? [17] : [11, 17, 23])(
    'n = %i: what is acknowledged is there once, what is not at most once',
    async (n) => {
      const acknowledged: number[] = [];
      const calls = fate === 'half open' ? 24 : 60;
      proxy.fate = ({ number }) => (number % n === 0 ? fate : 'pass');
      let next = 0;
      const loop = async () => {
        for (let number = next++; number < calls; number = next++) {
          const began = performance.now();
          if (await append(store, number)) acknowledged.push(number);
          // Far more than the limit, since a busy machine must not fail the test; what hangs would hang for ever.
          expect(performance.now() - began).toBeLessThan(operationLimit + 60_000);
        }
      };
      await Promise.all([loop(), loop(), loop(), loop()]);
      proxy.fate = () => 'pass';
      await expect.poll(() => store.state.unresolved).toBe(0);
      const found = await appended();
      expect(new Set(found).size).toBe(found.length);
      expect(acknowledged.filter((number) => !found.includes(number))).toEqual([]);
      if (fate === 30) expect(acknowledged.length).toBe(calls);
      // Not in vain: something went through in spite of the faults.
      expect(acknowledged.length).toBeGreaterThan(0);
    },
  );
});

it('an answer that is lost after the commit took effect: the commit resolves, and is there once', async () => {
  let cut = false;
  proxy.fate = ({ from }) => {
    if (from !== 'server' || cut) return 'pass';
    cut = true;
    return 'cut';
  };
  expect(await append(store, 1)).toBe(true);
  expect(cut).toBe(true);
  expect(await appended()).toEqual([1]);
  const ids = await administer(port, `SELECT abandoned, asked FROM ${fresh.schema}.commit_ids`);
  expect(ids).toEqual([{ abandoned: false, asked: 1 }]);
});

it('a commit that does not arrive is sent again under another id; the first id is abandoned', async () => {
  let cut = false;
  proxy.fate = ({ from }) => {
    if (from !== 'client' || cut) return 'pass';
    cut = true;
    return 'cut';
  };
  expect(await append(store, 1)).toBe(true);
  expect(await appended()).toEqual([1]);
  const ids = await administer(port, `SELECT abandoned FROM ${fresh.schema}.commit_ids ORDER BY id`);
  expect(ids).toEqual([{ abandoned: true }, { abandoned: false }]);
});

it('a commit that arrives after its id was abandoned does nothing', async () => {
  const { schema } = fresh;
  const id = "'\\x00112233445566778899aabbccddeeff'::bytea";
  await administer(port, `INSERT INTO ${schema}.commit_ids (id, abandoned, made_at) VALUES (${id}, true, now())`);
  // One delete of the key 0x61 in the table of number 16.
  const late = `SELECT ${schema}.commit(${id}, '{}', '{}', '{}', '{}', '{}', '{16}', '{0}', '{1}', '{0}', '\\x61')`;
  const key = new TextEncoder().encode('a');
  await store.commit({ expectations: [], writes: [{ table: 'counters', key, put: { last: 1 } }] });
  expect(await administer(port, late)).toEqual([{ commit: -1 }]);
  expect((await store.get('counters', key))?.value).toEqual({ last: 1 });
});

it('a connection that is lost in the middle of a commit: its end is waited for, and the commit is there once', async () => {
  await store.close();
  store = await fresh.open({ url: urlOf(proxy.port), statementLimit: 60_000, operationLimit: 120_000 });
  const key = new TextEncoder().encode('a');
  await store.commit({ expectations: [], writes: [{ table: 'counters', key, put: { last: 0 } }] });
  const client = new Client({ connectionString: urlOf(port) });
  await client.connect();
  await client.query(`BEGIN; SELECT 1 FROM ${fresh.schema}.counters FOR UPDATE`);
  const waiting = async (): Promise<unknown> =>
    (
      await administer(
        port,
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%${fresh.schema}.%'`,
      )
    )[0]?.['n'];
  // The row is locked by somebody else, so that the commit stops when it has written its id.
  const commit = store.commit({
    expectations: [],
    writes: [
      { table: 'counters', key, put: { last: 1 } },
      { table: 'counters', prefix, append: { last: 1 } },
    ],
  });
  await expect.poll(waiting).toBe(1);
  proxy.cutAll();
  // The one who asks for the outcome waits as well.
  await expect.poll(waiting).toBe(2);
  await client.query('COMMIT');
  await client.end();
  await commit;
  expect(await appended()).toEqual([1]);
});

it('while the database is away, commits are refused with io; later ones work, and the outcome is found out', async () => {
  await store.close();
  store = await fresh.open({ url: urlOf(proxy.port), statementLimit: 500, connectLimit: 500, operationLimit: 1_500 });
  // The answer is lost, and then the database cannot be reached.
  proxy.fate = ({ from }) => (from === 'server' ? 'cut' : 'pass');
  await expect(
    store.commit({ expectations: [], writes: [{ table: 'counters', prefix, append: { last: 1 } }] }),
  ).rejects.toBeInstanceOf(StoreError);
  expect(store.state).toMatchObject({ is: 'unreachable', unresolved: 1 });
  expect(await append(store, 2)).toBe(false);
  proxy.fate = () => 'pass';
  expect(await append(store, 3)).toBe(true);
  await expect.poll(() => store.state.unresolved).toBe(0);
  expect(store.state.is).toBe('ready');
  const found = await appended();
  expect(found.filter((number) => number === 3)).toEqual([3]);
  expect(new Set(found).size).toBe(found.length);
});
