import { afterKey, compareKeys, keys, prefixRange, recordKey, type MetadataStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import type { ContractTests } from './contract-test.ts';
import type { MetadataFixture } from './contract-test.ts';
import { inCase } from './in-case.ts';
import { key, put, putCounter, text, write } from './metadata-steps.ts';

const first = new Uint8Array(0);
const all = { start: first, end: undefined, limit: 10_000 };

/** Tests of order, bounds and limits, and that a scan shows the state of one moment. */
export function scanTests(tests: ContractTests<MetadataStore, MetadataFixture>): void {
  tests.test('keys are in bytewise order, whatever the order they were written in', async (store) => {
    const bytes = [[0], [0, 0], [0, 1], [1], [0x7f], [0x80], [0x80, 0], [0xff], [0xff, 0xff], [0xff, 0xff, 0]];
    const sorted = bytes.map((values) => Uint8Array.from(values));
    for (const at of [...sorted].reverse()) await write(store, put('counters', at, { last: 1 }));
    expect((await store.scan('counters', all)).map((row) => row.key)).toEqual(sorted);
    expect((await store.scan('counters', { ...all, reverse: true })).map((row) => row.key)).toEqual(
      [...sorted].reverse(),
    );
  });

  tests.test('names are in the order of their UTF-8 bytes, not of UTF-16 code units', async (store) => {
    // By UTF-16 units the last two would be the other way round.
    const names = ['a', 'b', 'é', '\uffee', '\u{1f600}'];
    const records = [...names]
      .reverse()
      .map((name) => put('visibleNames', keys.visibleNames('b', name), visible(name)));
    await write(store, ...records);
    expect((await store.scan('visibleNames', all)).map((row) => row.value.fileId)).toEqual(names);
  });

  tests.test('the start is inclusive, the end exclusive', async (store) => {
    await write(store, ...['a', 'b', 'c', 'd'].map((at) => putCounter(at, 1)));
    const scan = async (start: string, end: string | undefined, reverse: boolean) =>
      (await store.scan('counters', { start: key(start), end: end === undefined ? end : key(end), limit: 10, reverse }))
        .map((row) => text(row.key))
        .join('');
    for (const [start, end, expected] of [
      ['a', 'd', 'abc'],
      ['b', 'c', 'b'],
      ['b', undefined, 'bcd'],
      ['', 'b', 'a'],
      ['aa', 'cc', 'bc'],
      ['b', 'b', ''],
      ['c', 'b', ''],
      ['e', undefined, ''],
      ['', '', ''],
    ] as const)
      await inCase(`from "${start}" to ${end === undefined ? 'the end' : `"${end}"`}`, async () => {
        expect(await scan(start, end, false)).toBe(expected);
        expect(await scan(start, end, true), 'in reverse').toBe(Array.from(expected).reverse().join(''));
      });
  });

  tests.test('a limit takes the first rows, or in reverse the last', async (store) => {
    await write(store, ...['a', 'b', 'c'].map((at) => putCounter(at, 1)));
    const scan = async (limit: number, reverse: boolean) =>
      (await store.scan('counters', { start: key('a'), end: key('c'), limit, reverse }))
        .map((row) => text(row.key))
        .join('');
    expect([await scan(1, false), await scan(2, false), await scan(3, false)]).toEqual(['a', 'ab', 'ab']);
    expect([await scan(1, true), await scan(2, true), await scan(3, true)]).toEqual(['b', 'ba', 'ba']);
  });

  tests.test('a limit outside of 1 … 10,000 is refused, as a mistake of the caller', async (store) => {
    for (const limit of [0, -1, 1.5, 10_001, Number.NaN])
      await inCase(`limit ${limit}`, () =>
        expect(store.scan('counters', { ...all, limit })).rejects.toThrow(RangeError),
      );
  });

  tests.test('paging by the key after the last one sees each of 12,000 rows once', async (store) => {
    const rows = Array.from({ length: 12_000 }, (_, i) => put('counters', recordKey('page', i), { last: i }));
    for (let i = 0; i < rows.length; i += 1_000) await write(store, ...rows.slice(i, i + 1_000));
    const seen: number[] = [];
    let start: Uint8Array = first;
    for (;;) {
      const page = await store.scan('counters', { ...all, start });
      seen.push(...page.map((row) => row.value.last));
      const last = page.at(-1);
      if (last === undefined || page.length < 10_000) break;
      start = afterKey(last.key);
    }
    expect(seen).toEqual(Array.from({ length: 12_000 }, (_, i) => i));
  });

  tests.test('a prefix range covers the keys that begin so, and no others', async (store) => {
    for (const name of ['a', 'ab', 'abc', 'ac', 'b'])
      await write(store, put('nameHeads', keys.nameHeads('bucket1', name), head));
    await write(store, put('nameHeads', keys.nameHeads('bucket10', 'ab'), head));
    const rows = await store.scan('nameHeads', { ...prefixRange(recordKey('bucket1')), limit: 100 });
    expect(rows.length).toBe(5);
    const whole = await store.scan('nameHeads', { ...prefixRange(first), limit: 100 });
    expect(whole.length).toBe(6);
  });

  tests.test('a scan is one moment: it sees all of a commit or nothing, while commits go on', async (store) => {
    const names = Array.from({ length: 200 }, (_, i) => `n${i}`);
    const round = (last: number) => write(store, ...names.map((at) => putCounter(at, last)));
    await round(0);
    const commits = Array.from({ length: 20 }, (_, i) => round(i + 1));
    const scans = await Promise.all(
      Array.from({ length: 20 }, async () => {
        await Promise.race(commits);
        return store.scan('counters', all);
      }),
    );
    await Promise.all(commits);
    for (const rows of scans) {
      expect(rows.length).toBe(200);
      expect(new Set(rows.map((row) => row.value.last)).size).toBe(1);
      expect(rows.every((row, i) => i === 0 || compareKeys(rows[i - 1]!.key, row.key) < 0)).toBe(true);
    }
  });
}

const head = { newestTimestamp: 1, current: null };

const visible = (fileId: string) => ({ fileId, uploadTimestamp: 1 });
