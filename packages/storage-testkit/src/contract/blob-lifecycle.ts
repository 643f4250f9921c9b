import type { BlobStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import { cut, pattern, readBytes, watched, writeBytes } from './blob-steps.ts';
import type { BlobFixture } from './contract-test.ts';
import type { ContractOptions, ContractTests } from './contract-test.ts';
import { inCase } from './in-case.ts';
import { sameBytes } from './same-bytes.ts';

const missing = { name: 'StoreError', code: 'missing_blob' };
const closed = { name: 'StoreError', code: 'closed' };

/** Deleting, listing, sweeping, opening again, closing, and the adapter's own faults. */
export function blobLifecycleTests(
  tests: ContractTests<BlobStore, BlobFixture>,
  { faults = [] }: ContractOptions<BlobFixture>,
): void {
  tests.test('a deleted blob is missing; deleting what is not there is allowed', async (store) => {
    await writeBytes(store, 'abc', pattern(10));
    await writeBytes(store, 'abd', pattern(10));
    await store.delete('abc');
    await expect(store.size('abc')).rejects.toMatchObject(missing);
    await store.delete('abc');
    await store.delete('zz');
    expect(await store.list({ limit: 10 })).toEqual(['abd']);
  });

  tests.test('a list is in bytewise order and pages by the last id', async (store) => {
    const ids = [
      '0',
      '00',
      '000',
      '01',
      '1',
      '10',
      '9z',
      'a',
      'a0',
      'a00',
      'a0z',
      'aa',
      'ab',
      'tmp',
      'tmp0',
      'z',
      'zz',
    ];
    for (const blobId of [...ids].reverse()) await writeBytes(store, blobId, pattern(1));
    expect(await store.list({ limit: 100 })).toEqual(ids);
    for (const limit of [1, 2, 5, ids.length, ids.length + 1])
      await inCase(`pages of ${limit}`, async () => {
        expect(await pages(store, limit)).toEqual(ids);
      });
    expect(await store.list({ after: '9zz', limit: 2 })).toEqual(['a', 'a0']);
    expect(await store.list({ after: 'a0', limit: 1 })).toEqual(['a00']);
    expect(await store.list({ after: 'zz', limit: 1 })).toEqual([]);
    for (const limit of [0, -1, 1.5])
      await inCase(`limit ${limit}`, () => expect(store.list({ limit })).rejects.toThrow(RangeError));
  });

  tests.test('sweeping leaves stored blobs alone and finds nothing twice', async (store) => {
    await writeBytes(store, 'a', pattern(100));
    const failing = watched(cut(pattern(300_000), 1_000), { failure: new Error('gone') });
    await expect(store.write('b', failing.stream)).rejects.toThrow('gone');
    await store.sweep();
    expect(await store.sweep()).toBe(0);
    expect(sameBytes(await readBytes(store, 'a'), pattern(100))).toBe(true);
    expect(await store.list({ limit: 10 })).toEqual(['a']);
  });

  tests.reopeningTest('blobs, and their absence, are there when the store is opened again', async (store, reopen) => {
    await writeBytes(store, 'a', pattern(200_000));
    await writeBytes(store, 'b', pattern(0));
    await writeBytes(store, 'c', pattern(1));
    await store.delete('c');
    await store.close();
    const again = await reopen();
    expect(await again.list({ limit: 10 })).toEqual(['a', 'b']);
    expect(sameBytes(await readBytes(again, 'a'), pattern(200_000))).toBe(true);
    await expect(again.size('c')).rejects.toMatchObject(missing);
  });

  tests.reopeningTest('two open handles share blobs', async (store, reopen) => {
    const other = await reopen();
    await writeBytes(store, 'a', pattern(10));
    expect(await readBytes(other, 'a')).toEqual(pattern(10));
    await expect(writeBytes(other, 'a', pattern(10))).rejects.toMatchObject({ code: 'blob_exists' });
    await other.delete('a');
    await expect(store.size('a')).rejects.toMatchObject(missing);
  });

  tests.test('a closed store refuses everything, and closing is idempotent', async (store) => {
    await writeBytes(store, 'a', pattern(10));
    await store.close();
    await expect(store.size('a')).rejects.toMatchObject(closed);
    await expect(store.read('a')).rejects.toMatchObject(closed);
    await expect(store.delete('a')).rejects.toMatchObject(closed);
    await expect(store.list({ limit: 1 })).rejects.toMatchObject(closed);
    await expect(store.sweep()).rejects.toMatchObject(closed);
    await expect(writeBytes(store, 'b', pattern(10))).rejects.toMatchObject(closed);
    await store.close();
  });

  for (const fault of faults) {
    tests.test(`${fault.name}: ${fault.code}, because ${fault.reason}`, async (store, fixture) => {
      await writeBytes(store, 'a', pattern(100_000));
      const failing = watched(cut(pattern(500_000), 1_000));
      const undo = await fault.provoke(fixture);
      try {
        await expect(store.write('b', failing.stream)).rejects.toMatchObject({ name: 'StoreError', code: fault.code });
      } finally {
        await undo();
      }
      expect(failing.state.finished || failing.state.pulled === 0).toBe(true);
      expect(await store.list({ limit: 10 })).toEqual(['a']);
      expect(sameBytes(await readBytes(store, 'a'), pattern(100_000))).toBe(true);
      expect(await writeBytes(store, 'b', pattern(10))).toBe(10);
    });
  }
}

async function pages(store: BlobStore, limit: number): Promise<readonly string[]> {
  const seen: string[] = [];
  for (;;) {
    const last = seen.at(-1);
    const page = await store.list({ ...(last !== undefined && { after: last }), limit });
    seen.push(...page);
    if (page.length < limit) return seen;
  }
}
