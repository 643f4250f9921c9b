import { prefixRange, recordKey, type MetadataStore } from '@coffer/storage-ports';
import type { PostgresStore } from '@coffer/store-postgres';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { FaultyProxy, type Message } from '../faulty-proxy.ts';
import { freshSchema, urlOf, type FreshSchema } from './databases.ts';

const port = inject('postgresPort');
let fresh: FreshSchema;
let proxy: FaultyProxy;
let store: PostgresStore;

beforeAll(async () => {
  fresh = await freshSchema(port);
  proxy = await FaultyProxy.start(port);
  store = await fresh.open({ url: urlOf(proxy.port), connections: 1 });
  const rows = Array.from({ length: 100 }, (_, i) => put(`k${i}`, i));
  await store.commit({ expectations: [], writes: rows });
  await store.get('counters', recordKey('k1'));
});

afterAll(async () => {
  await store.close();
  await proxy.close();
  await fresh.drop();
});

const put = (name: string, last: number) => ({ table: 'counters', key: recordKey(name), put: { last } }) as const;

/** How often the direction changed from the client's messages to the server's. */
async function roundTrips(work: (of: MetadataStore) => Promise<unknown>): Promise<number> {
  const directions: Message['from'][] = [];
  proxy.fate = ({ from }) => {
    directions.push(from);
    return 'pass';
  };
  await work(store);
  proxy.fate = () => 'pass';
  return directions.filter((from, i) => from === 'server' && directions[i - 1] === 'client').length;
}

it('a get is one round trip', async () => {
  expect(await roundTrips((of) => of.get('counters', recordKey('k1')))).toBe(1);
});

it('a scan is one round trip', async () => {
  expect(await roundTrips((of) => of.scan('counters', { ...prefixRange(new Uint8Array(0)), limit: 100 }))).toBe(1);
});

it('a commit is one round trip, with every kind of expectation and write', async () => {
  const key = recordKey('k1');
  const version = (await store.get('counters', key))?.version ?? 0;
  const commit = (of: MetadataStore) =>
    of.commit({
      expectations: [
        { table: 'counters', key, version },
        { table: 'counters', key: recordKey('none'), is: 'absent' },
        { table: 'counters', key: recordKey('k2'), is: 'present' },
        { table: 'parts', emptyPrefix: recordKey('file') },
      ],
      writes: [
        put('k1', 2),
        { table: 'counters', key: recordKey('k3'), delete: true },
        { table: 'counters', prefix: recordKey('log'), append: { last: 1 } },
      ],
    });
  expect(await roundTrips(commit)).toBe(1);
});

it('a commit that conflicts is one round trip', async () => {
  const expectations = [{ table: 'counters', key: recordKey('none'), is: 'present' }] as const;
  const commit = (of: MetadataStore) => of.commit({ expectations, writes: [put('k1', 3)] }).catch(() => undefined);
  expect(await roundTrips(commit)).toBe(1);
});
