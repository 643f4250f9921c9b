import type { Expectation, MetadataStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import type { ContractTests } from './contract-test.ts';
import type { MetadataFixture } from './contract-test.ts';
import { sampleRecords } from './sample-records.ts';
import { counter, expectCounter, key, put, putCounter, removeCounter, versionOf, write } from './metadata-steps.ts';

const conflict = { name: 'StoreError', code: 'conflict' };

/** Expectations, versions and atomicity. */
export function commitTests(tests: ContractTests<MetadataStore, MetadataFixture>): void {
  /** Whether a commit with these expectations succeeds; also checks that it writes all or nothing. */
  const holds = async (store: MetadataStore, ...expectations: readonly Expectation[]) => {
    await write(store, removeCounter('probe1'), removeCounter('probe2'));
    const commit = store.commit({ expectations, writes: [putCounter('probe1', 1), putCounter('probe2', 2)] });
    const held = await commit.then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject(conflict);
        return false;
      },
    );
    expect([await counter(store, 'probe1'), await counter(store, 'probe2')]).toEqual(
      held ? [1, 2] : [undefined, undefined],
    );
    return held;
  };

  tests.test('absent and present', async (store) => {
    await write(store, putCounter('there', 1));
    expect(await holds(store, expectCounter('there', 'present'))).toBe(true);
    expect(await holds(store, expectCounter('there', 'absent'))).toBe(false);
    expect(await holds(store, expectCounter('not', 'absent'))).toBe(true);
    expect(await holds(store, expectCounter('not', 'present'))).toBe(false);
  });

  tests.test('a version holds until the key is written again, also with the same record', async (store) => {
    await write(store, putCounter('a', 1));
    const version = await versionOf(store, 'a');
    expect(await holds(store, expectCounter('a', version))).toBe(true);
    expect(await versionOf(store, 'a')).toBe(version);
    await write(store, putCounter('a', 1));
    expect(await holds(store, expectCounter('a', version))).toBe(false);
    expect(await holds(store, expectCounter('a', await versionOf(store, 'a')))).toBe(true);
    expect(await holds(store, expectCounter('missing', version))).toBe(false);
  });

  tests.test('deleted and made again is another version', async (store) => {
    const versions = new Set<number>();
    for (let i = 0; i < 5; i++) {
      await write(store, putCounter('a', 1));
      versions.add(await versionOf(store, 'a'));
      await write(store, removeCounter('a'));
    }
    expect(versions.size).toBe(5);
    await write(store, putCounter('a', 1));
    for (const version of versions)
      expect(await holds(store, expectCounter('a', version)), `version ${version}`).toBe(false);
  });

  tests.test('get and scan report the same version, a safe integer', async (store) => {
    await write(store, putCounter('a', 1));
    const [row] = await store.scan('counters', { start: key('a'), end: undefined, limit: 1 });
    expect(row?.version).toBe(await versionOf(store, 'a'));
    expect(Number.isSafeInteger(row?.version)).toBe(true);
  });

  tests.test('an empty prefix: no key begins with it', async (store) => {
    const empty = (prefix: Uint8Array): Expectation => ({ table: 'parts', emptyPrefix: prefix });
    const part = (at: Uint8Array) => put('parts', at, samplePart);
    expect(await holds(store, empty(new Uint8Array(0)))).toBe(true);
    await write(store, part(key('b/1')), part(Uint8Array.of(0xff, 0xff)));
    for (const prefix of ['b', 'b/', 'b/1']) expect(await holds(store, empty(key(prefix))), prefix).toBe(false);
    for (const prefix of ['a', 'b/0', 'b/2', 'b/10', 'c'])
      expect(await holds(store, empty(key(prefix))), prefix).toBe(true);
    expect(await holds(store, empty(Uint8Array.of(0xff)))).toBe(false);
    expect(await holds(store, empty(Uint8Array.of(0xff, 0xff, 0xff)))).toBe(true);
    expect(await holds(store, empty(new Uint8Array(0)))).toBe(false);
    await write(store, { table: 'parts', key: key('b/1'), delete: true });
    expect(await holds(store, empty(key('b')))).toBe(true);
  });

  tests.test('all expectations must hold; one that does not keeps everything from being written', async (store) => {
    await write(store, putCounter('a', 1));
    const good = [expectCounter('a', 'present'), expectCounter('b', 'absent')];
    expect(await holds(store, ...good)).toBe(true);
    for (const at of [0, 1, 2]) {
      const mixed = [...good.slice(0, at), expectCounter('c', 'present'), ...good.slice(at)];
      expect(await holds(store, ...mixed), `the broken one at ${at}`).toBe(false);
    }
  });

  tests.test('expectations are about the state before the commit’s own writes', async (store) => {
    const expectations = [expectCounter('a', 'absent')];
    await store.commit({ expectations, writes: [putCounter('a', 1)] });
    await expect(store.commit({ expectations, writes: [removeCounter('a')] })).rejects.toMatchObject(conflict);
    expect(await counter(store, 'a')).toBe(1);
  });

  tests.test('a conflict leaves deletes, overwrites and versions undone', async (store) => {
    await write(store, putCounter('a', 1), putCounter('b', 1));
    const versions = [await versionOf(store, 'a'), await versionOf(store, 'b')];
    const writes = [removeCounter('a'), putCounter('b', 2), putCounter('c', 3)];
    await expect(store.commit({ expectations: [expectCounter('c', 'present')], writes })).rejects.toMatchObject(
      conflict,
    );
    expect([await versionOf(store, 'a'), await versionOf(store, 'b')]).toEqual(versions);
    expect(await counter(store, 'c')).toBeUndefined();
  });

  tests.test('later writes to a key within a commit win', async (store) => {
    await write(store, putCounter('a', 1), putCounter('a', 2));
    await write(store, putCounter('b', 1), removeCounter('b'));
    await write(store, removeCounter('c'), putCounter('c', 3));
    expect([await counter(store, 'a'), await counter(store, 'b'), await counter(store, 'c')]).toEqual([
      2,
      undefined,
      3,
    ]);
  });

  tests.test('deleting what is not there, and committing nothing, is allowed', async (store) => {
    await write(store, removeCounter('a'));
    await write(store);
    expect(await holds(store)).toBe(true);
    expect(await holds(store, expectCounter('a', 'absent'))).toBe(true);
  });

  tests.test('one commit over many tables and a thousand keys takes effect as a whole', async (store) => {
    const writes = Array.from({ length: 1_000 }, (_, i) => putCounter(`k${i}`, i));
    await write(
      store,
      ...writes,
      put('inlineBlobs', key('x'), new Uint8Array(200_000)),
      put('parts', key('p'), samplePart),
    );
    expect((await store.scan('counters', { start: key('k'), end: key('l'), limit: 10_000 })).length).toBe(1_000);
    expect((await store.get('inlineBlobs', key('x')))?.value.length).toBe(200_000);
  });
}

const samplePart = sampleRecords.parts;
