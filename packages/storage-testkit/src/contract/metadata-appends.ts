import { compareKeys, prefixRange, type MetadataStore, type Write } from '@coffer/storage-ports';
import { expect } from 'vitest';
import type { ContractTests } from './contract-test.ts';
import type { MetadataFixture } from './contract-test.ts';
import { counter, expectCounter, key, putCounter, write } from './metadata-steps.ts';

const append = (prefix: string, last: number): Write => ({ table: 'counters', prefix: key(prefix), append: { last } });

const rowsOf = (store: MetadataStore, prefix: string) =>
  store.scan('counters', { ...prefixRange(key(prefix)), limit: 10_000 });

async function recordsOf(store: MetadataStore, prefix: string): Promise<readonly number[]> {
  return (await rowsOf(store, prefix)).map((row) => row.value.last);
}

async function numbersOf(store: MetadataStore, prefix: string): Promise<readonly number[]> {
  return (await rowsOf(store, prefix)).map((row) => {
    expect(row.key.length).toBe(prefix.length + 8);
    const number = new DataView(row.key.buffer, row.key.byteOffset + prefix.length, 8).getBigUint64(0);
    expect(number <= BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
    return Number(number);
  });
}

/** Rows that get their keys from the store, in the order of commits. */
export function appendTests(tests: ContractTests<MetadataStore, MetadataFixture>): void {
  tests.test('an append makes a new key each time: the prefix and a number that grows', async (store) => {
    for (let i = 0; i < 5; i++) await write(store, append('log/', i), putCounter('other', i));
    expect(await recordsOf(store, 'log/')).toEqual([0, 1, 2, 3, 4]);
    const numbers = await numbersOf(store, 'log/');
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(await counter(store, 'other')).toBe(4);
  });

  tests.test('several appends of one commit are in its order, also to different prefixes', async (store) => {
    await write(store, append('a/', 0), append('b/', 1), putCounter('c', 1), append('a/', 2), append('a/', 3));
    await write(store, append('b/', 4), append('a/', 5));
    expect(await recordsOf(store, 'a/')).toEqual([0, 2, 3, 5]);
    expect(await recordsOf(store, 'b/')).toEqual([1, 4]);
    const [a, b] = [await numbersOf(store, 'a/'), await numbersOf(store, 'b/')];
    expect([a[0]! < b[0]!, b[0]! < a[1]!, a[2]! < b[1]!, b[1]! < a[3]!]).toEqual([true, true, true, true]);
  });

  tests.test('no number comes again after its row was deleted', async (store) => {
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) {
      await write(store, append('log/', i), append('log/', i));
      seen.push(...(await numbersOf(store, 'log/')));
      await write(store, ...(await rowsOf(store, 'log/')).map((row) => deletion(row.key)));
    }
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(seen.length).toBe(10);
  });

  tests.test('a row that was appended is a record like any other', async (store) => {
    await write(store, append('log/', 1));
    const [row] = await rowsOf(store, 'log/');
    const { key: at, ...stored } = row!;
    expect(await store.get('counters', at)).toEqual(stored);
    const changed: Write = { table: 'counters', key: at, put: { last: 2 } };
    await store.commit({
      expectations: [{ table: 'counters', key: at, version: stored.version }],
      writes: [changed, append('log/', 3)],
    });
    expect(await recordsOf(store, 'log/')).toEqual([2, 3]);
    await write(store, deletion(at));
    expect(await recordsOf(store, 'log/')).toEqual([3]);
  });

  tests.test('a commit that conflicts appends nothing', async (store) => {
    const conflicting = { expectations: [expectCounter('x', 'present')], writes: [append('log/', 1)] };
    await expect(store.commit(conflicting)).rejects.toMatchObject({ name: 'StoreError', code: 'conflict' });
    await write(store, append('log/', 2));
    expect(await recordsOf(store, 'log/')).toEqual([2]);
  });

  tests.test('what is appended is copied, and so is its prefix', async (store) => {
    const prefix = key('log/');
    const record = { globalKeyId: 'g', mac: Uint8Array.of(1, 2) };
    const done = write(store, { table: 'keyringCanary', prefix, append: record });
    prefix.fill(0x7a);
    record.mac.fill(9);
    await done;
    const rows = await store.scan('keyringCanary', { ...prefixRange(key('log/')), limit: 10 });
    expect(rows.map((row) => row.value.mac)).toEqual([Uint8Array.of(1, 2)]);
  });

  tests.test('prefixes have 0 to 1,392 bytes', async (store) => {
    const to = (length: number): Write => ({
      table: 'counters',
      prefix: new Uint8Array(length).fill(0xff),
      append: { last: length },
    });
    await write(store, to(0), to(1_392));
    expect((await store.scan('counters', { start: key(''), end: undefined, limit: 10 })).length).toBe(2);
    await expect(write(store, to(1_393))).rejects.toThrow(RangeError);
  });

  tests.test('a reader never finds a new row before one that it has seen', async (store) => {
    const commits = Array.from({ length: 300 }, (_, i) => write(store, append('log/', i), append('log/', i)));
    let seen: readonly Uint8Array[] = [];
    for (let i = 0; i < 30; i++) {
      await commits[i * 10];
      const found = (await rowsOf(store, 'log/')).map((row) => row.key);
      expect(found.slice(0, seen.length)).toEqual(seen);
      expect(found.length % 2).toBe(0);
      seen = found;
    }
    await Promise.all(commits);
    expect((await rowsOf(store, 'log/')).length).toBe(600);
  });

  tests.reopeningTest(
    'numbers go on growing in another handle, and when the store is opened again',
    async (store, reopen) => {
      const other = await reopen();
      for (let i = 0; i < 10; i++) await write(i % 2 === 0 ? store : other, append('log/', i), append('log/', i));
      await Promise.all([store, other, store, other].map((handle) => write(handle, append('both/', 0))));
      await store.close();
      const again = await reopen();
      await write(again, append('log/', 10));
      expect(await recordsOf(again, 'log/')).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10]);
      const keysOfBoth = (await rowsOf(again, 'both/')).map((row) => row.key);
      expect(keysOfBoth.length).toBe(4);
      expect(keysOfBoth.every((at, i) => i === 0 || compareKeys(keysOfBoth[i - 1]!, at) < 0)).toBe(true);
    },
  );
}

const deletion = (at: Uint8Array): Write => ({ table: 'counters', key: at, delete: true });
