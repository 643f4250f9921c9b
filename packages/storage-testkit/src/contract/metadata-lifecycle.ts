import type { MetadataStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import type { ContractOptions, ContractTests } from './contract-test.ts';
import type { MetadataFixture } from './contract-test.ts';
import {
  counter,
  expectCounter,
  increment,
  key,
  put,
  putCounter,
  removeCounter,
  versionOf,
  write,
} from './metadata-steps.ts';

const closed = { name: 'StoreError', code: 'closed' };
const all = { start: new Uint8Array(0), end: undefined, limit: 10_000 };

/** Concurrency, opening again, closing, and the adapter's own faults. */
export function lifecycleTests(
  tests: ContractTests<MetadataStore, MetadataFixture>,
  { faults = [] }: ContractOptions<MetadataFixture>,
): void {
  tests.test('of many concurrent commits that expect the same, one goes through', async (store) => {
    const commit = (i: number) =>
      store.commit({ expectations: [expectCounter('a', 'absent')], writes: [putCounter('a', i)] });
    const results = await Promise.allSettled(Array.from({ length: 100 }, (_, i) => commit(i)));
    const winners = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
    expect(winners.length).toBe(1);
    expect(await counter(store, 'a')).toBe(winners[0]);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'StoreError', code: 'conflict' });
  });

  tests.test('concurrent increments with retries lose none', async (store) => {
    await write(store, putCounter('a', 0));
    await Promise.all(Array.from({ length: 20 }, () => increment(store, 5)));
    expect(await counter(store, 'a')).toBe(100);
  });

  tests.test('a thousand concurrent commits, each read at once after it was acknowledged', async (store) => {
    const one = async (i: number) => {
      await write(store, putCounter(`k${i}`, i));
      expect(await counter(store, `k${i}`)).toBe(i);
      const rows = await store.scan('counters', { start: key(`k${i}`), end: undefined, limit: 1 });
      expect(rows[0]?.value.last).toBe(i);
    };
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => one(i)));
    expect((await store.scan('counters', all)).length).toBe(1_000);
  });

  tests.reopeningTest('everything is there when the store is opened again', async (store, reopen) => {
    await write(
      store,
      putCounter('a', 1),
      putCounter('b', 2),
      put('inlineBlobs', key('i'), new Uint8Array(65_536).fill(3)),
    );
    await write(store, removeCounter('b'));
    const version = await versionOf(store, 'a');
    await store.close();
    const again = await reopen();
    expect([await counter(again, 'a'), await counter(again, 'b')]).toEqual([1, undefined]);
    expect(await versionOf(again, 'a')).toBe(version);
    expect((await again.get('inlineBlobs', key('i')))?.value).toEqual(new Uint8Array(65_536).fill(3));
  });

  tests.reopeningTest('versions stay unique when the store is opened again', async (store, reopen) => {
    await write(store, putCounter('a', 1));
    const version = await versionOf(store, 'a');
    await write(store, removeCounter('a'));
    await store.close();
    const again = await reopen();
    await write(again, putCounter('a', 1));
    expect(await versionOf(again, 'a')).not.toBe(version);
  });

  tests.reopeningTest('two open handles see each other’s commits and conflicts', async (store, reopen) => {
    const other = await reopen();
    for (let i = 0; i < 20; i++) {
      const [writer, reader] = i % 2 === 0 ? [store, other] : [other, store];
      await write(writer, putCounter('a', i));
      expect(await counter(reader, 'a')).toBe(i);
      expect((await reader.scan('counters', all))[0]?.value.last).toBe(i);
    }
    const commit = (handle: MetadataStore) =>
      handle.commit({ expectations: [expectCounter('b', 'absent')], writes: [putCounter('b', 1)] });
    const results = await Promise.allSettled([commit(store), commit(other), commit(store), commit(other)]);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });

  tests.reopeningTest('closing waits for commits under way', async (store, reopen) => {
    const commits = Array.from({ length: 20 }, (_, i) => write(store, putCounter(`k${i}`, i)));
    await store.close();
    const results = await Promise.allSettled(commits);
    const again = await reopen();
    for (const [i, { status }] of results.entries())
      if (status === 'fulfilled') expect(await counter(again, `k${i}`)).toBe(i);
    expect(results.map(({ status }) => status)).toContain('fulfilled');
  });

  tests.test('a closed store refuses everything, and closing is idempotent', async (store) => {
    await write(store, putCounter('a', 1));
    await store.close();
    await expect(store.get('counters', key('a'))).rejects.toMatchObject(closed);
    await expect(store.scan('counters', all)).rejects.toMatchObject(closed);
    await expect(write(store, putCounter('a', 1))).rejects.toMatchObject(closed);
    await store.close();
  });

  for (const fault of faults) {
    tests.test(`${fault.name}: ${fault.code}, because ${fault.reason}`, async (store, fixture) => {
      await write(store, putCounter('before', 1));
      const undo = await fault.provoke(fixture);
      try {
        await expect(write(store, putCounter('a', 1))).rejects.toMatchObject({ name: 'StoreError', code: fault.code });
      } finally {
        await undo();
      }
      const again = (await fixture.reopen?.()) ?? store;
      expect([await counter(again, 'before'), await counter(again, 'a')]).toEqual([1, undefined]);
      await again.close();
    });
  }
}
