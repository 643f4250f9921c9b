import { expect, test } from 'vitest';
import { StoreError, keys } from '@coffer/storage-ports';
import { createMemoryMetadataStore } from '@coffer/store-memory';
import { guardMetadata } from './guarded-ports.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { transact, wroteNothing } from './transaction.ts';

const counter = keys.counters('test');

test('increments at once are all counted', async () => {
  const metadata = createMemoryMetadataStore();
  const increment = () =>
    transact(metadata, async (tx) => {
      const last = (await tx.get('counters', counter))?.last ?? 0;
      tx.put('counters', counter, { last: last + 1 });
    });
  await Promise.all(Array.from({ length: 15 }, increment));
  expect((await metadata.get('counters', counter))?.value).toEqual({ last: 15 });
});

test('gives up when others are always faster', async () => {
  const metadata = createMemoryMetadataStore();
  let tries = 0;
  const result = transact(metadata, async (tx) => {
    await tx.get('counters', counter);
    await metadata.commit({ expectations: [], writes: [{ table: 'counters', key: counter, put: { last: ++tries } }] });
    tx.put('counters', counter, { last: -1 });
  });
  await expect(result).rejects.toMatchObject({ code: 'storage_unavailable', cause: { code: 'conflict' } });
  await expect(result).rejects.toSatisfy(wroteNothing);
  expect(tries).toBe(200);
});

test('goes through though others were faster dozens of times', async () => {
  const metadata = createMemoryMetadataStore();
  let tries = 0;
  await transact(metadata, async (tx) => {
    await tx.get('counters', counter);
    if (++tries <= 60)
      await metadata.commit({ expectations: [], writes: [{ table: 'counters', key: counter, put: { last: tries } }] });
    tx.put('counters', counter, { last: -1 });
  });
  expect((await metadata.get('counters', counter))?.value).toEqual({ last: -1 });
  expect(tries).toBe(61);
});

test.each([
  ['full', 'storage_full', true],
  ['io', 'storage_unavailable', false],
  ['closed', 'storage_unavailable', false],
] as const)('a store that fails with %s: %s', async (code, expected, certain) => {
  const metadata = createMemoryMetadataStore();
  metadata.commit = () => Promise.reject(new StoreError(code, 'broken'));
  const result = transact(guardMetadata(metadata), async (tx) => {
    tx.put('counters', counter, { last: 1 });
  });
  await expect(result).rejects.toMatchObject({ code: expected, cause: { code } });
  await expect(result).rejects.toSatisfy((error) => wroteNothing(error) === certain);
});

test('a transaction that writes nothing commits nothing', async () => {
  const metadata = createMemoryMetadataStore();
  metadata.commit = () => Promise.reject(new Error('must not be called'));
  expect(await transact(metadata, async (tx) => tx.get('counters', counter))).toBeUndefined();
});

test('a keyed queue runs one task per key at a time, past failures, and forgets idle keys', async () => {
  const queue = new KeyedQueue();
  const log: string[] = [];
  const task =
    (name: string, fails = false) =>
    async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
  const results = await Promise.allSettled([
    queue.run('a', task('a1', true)),
    queue.run('a', task('a2')),
    queue.run('b', task('b1')),
  ]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(log.indexOf('a2 begins')).toBeGreaterThan(log.indexOf('a1 ends'));
  expect(log.indexOf('b1 begins')).toBeLessThan(log.indexOf('a2 begins'));
});
