import { prefixRange, type Expectation, type MetadataStore, type Write } from '@coffer/storage-ports';
import { expect } from 'vitest';
import type { ContractTests, MetadataFixture } from './contract-test.ts';
import { counter, expectCounter, increment, key, putCounter, removeCounter, write } from './metadata-steps.ts';

const handleCount = 4;

/** What several handles on one store, each of which stands for a process, may do to each other. */
export function manyHandlesTests(tests: ContractTests<MetadataStore, MetadataFixture>): void {
  /** A test with several handles on the store. */
  const test = (title: string, body: (handles: readonly MetadataStore[]) => Promise<void>) => {
    tests.reopeningTest(title, async (store, reopen) => {
      const handles = [store];
      while (handles.length < handleCount) handles.push(await reopen());
      await body(handles);
    });
  };

  test('increments through several handles lose none', async (handles) => {
    await write(handles[0]!, putCounter('a', 0));
    await Promise.all(handles.flatMap((handle) => [increment(handle, 5), increment(handle, 5)]));
    expect(await counter(handles[0]!, 'a')).toBe(10 * handleCount);
  });

  test('of commits that each expect what another one writes to be absent, one goes through', async (handles) => {
    for (let round = 0; round < 20; round++) {
      const names = handles.map((_, i) => `${round}/${i}`);
      const done = await goThrough(handles, (i) => ({
        expectations: names.map((name) => expectCounter(name, 'absent')),
        write: putCounter(names[i]!, i),
      }));
      expect(done, `round ${round}`).toBe(1);
    }
  });

  test('of commits that each add to a prefix which they expect to be empty, one goes through', async (handles) => {
    for (let round = 0; round < 20; round++) {
      const done = await goThrough(handles, (i) => ({
        expectations: [{ table: 'counters', emptyPrefix: key(`${round}/`) }],
        // Some of the keys are made by the store.
        write: i % 2 === 0 ? putCounter(`${round}/${i}`, i) : append(`${round}/`, i),
      }));
      expect(done, `round ${round}`).toBe(1);
    }
  });

  test('of commits that each delete one of two keys and expect the other, one goes through', async (handles) => {
    for (let round = 0; round < 20; round++) {
      await write(handles[0]!, putCounter('x', 1), putCounter('y', 1));
      const done = await goThrough(handles.slice(0, 2), (i) => ({
        expectations: [expectCounter(i === 0 ? 'y' : 'x', 'present')],
        write: removeCounter(i === 0 ? 'x' : 'y'),
      }));
      expect(done, `round ${round}`).toBe(1);
    }
  });

  test('a reader never finds a new row before one that it has seen, while several handles append', async (handles) => {
    let appending = true;
    const rows = async () =>
      (await handles[0]!.scan('counters', { ...prefixRange(key('log/')), limit: 10_000 })).map((row) => row.value.last);
    const read = async () => {
      let seen: readonly number[] = [];
      while (appending) {
        const found = await rows();
        expect(found.slice(0, seen.length)).toEqual(seen);
        seen = found;
        // Reads of some stores take no turn of the event loop, and commits would never get theirs.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const reading = read();
    const appends = handles.flatMap((handle, i) =>
      Array.from({ length: 40 }, (_, n) => write(handle, append('log/', 1_000 * i + n))),
    );
    await Promise.all(appends).finally(() => (appending = false));
    await reading;
    expect((await rows()).length).toBe(40 * handleCount);
  });
}

const append = (prefix: string, last: number): Write => ({ table: 'counters', prefix: key(prefix), append: { last } });

/** Makes a commit through each handle at once; resolves with how many went through. The others must conflict. */
async function goThrough(
  handles: readonly MetadataStore[],
  commitOf: (i: number) => { readonly expectations: readonly Expectation[]; readonly write: Write },
): Promise<number> {
  const results = await Promise.allSettled(
    handles.map((handle, i) => {
      const { expectations, write: one } = commitOf(i);
      return handle.commit({ expectations, writes: [one] });
    }),
  );
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'StoreError', code: 'conflict' });
  return results.filter(({ status }) => status === 'fulfilled').length;
}
