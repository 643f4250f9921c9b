import type { BlobStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import { cut, pattern, readBytes, watched, writeBytes } from './blob-steps.ts';
import type { BlobFixture, ContractTests } from './contract-test.ts';
import { sameBytes } from './same-bytes.ts';

const missing = { name: 'StoreError', code: 'missing_blob' };
const taken = { name: 'StoreError', code: 'blob_exists' };
/** Bytes of a blob that a store may have to keep in several parts, and of the pieces that it comes in. */
const length = 12_000_000;
const piece = 1_000_000;

/** What holds for small blobs also holds for those that a store writes in parts; and sweeps beside such writes. */
export function largeBlobTests(tests: ContractTests<BlobStore, BlobFixture>): void {
  const content = pattern(length);
  const expectNothing = async (store: BlobStore) => {
    await expect(store.size('a')).rejects.toMatchObject(missing);
    expect(await store.list({ limit: 10 })).toEqual([]);
    await store.sweep();
    expect(await store.sweep()).toBe(0);
  };

  tests.test('a large blob comes back, whole and in ranges', async (store) => {
    expect(await store.write('a', watched(cut(content, piece)).stream)).toBe(length);
    expect(await store.size('a')).toBe(length);
    expect(sameBytes(await readBytes(store, 'a'), content)).toBe(true);
    for (const [start, end] of [
      [5_000_000, 5_500_000],
      [0, 1],
      [length - 1, length],
      [length - 70_000, length],
    ] as const)
      expect(
        sameBytes(await readBytes(store, 'a', { start, length: end - start }), content.subarray(start, end)),
        `bytes from ${start} to ${end}`,
      ).toBe(true);
  });

  tests.test('a large blob whose stream fails: its error, and nothing is left', async (store) => {
    const failure = new Error('the client went away');
    const { stream, state } = watched(cut(content, piece), { failure });
    await expect(store.write('a', stream)).rejects.toBe(failure);
    expect(state).toEqual({ pulled: 12, finished: true });
    await expectNothing(store);
  });

  tests.test('a large blob whose signal aborts: its reason, nothing is left, the stream is let go', async (store) => {
    const controller = new AbortController();
    const reason = new Error('aborted');
    const before = (index: number) => {
      if (index === 9) controller.abort(reason);
    };
    const { stream, state } = watched(cut(content, piece), { before });
    await expect(store.write('a', stream, { signal: controller.signal })).rejects.toBe(reason);
    expect(state).toEqual({ pulled: 10, finished: true });
    await expectNothing(store);
  });

  tests.test('of concurrent writes of one large blob, one wins whole', async (store) => {
    const one = (seed: number) => writeBytes(store, 'a', pattern(length, seed));
    const results = await Promise.allSettled([one(0), one(1)]);
    const winners = results.flatMap(({ status }, seed) => (status === 'fulfilled' ? [seed] : []));
    expect(winners.length).toBe(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject(taken);
    expect(sameBytes(await readBytes(store, 'a'), pattern(length, winners[0]))).toBe(true);
  });

  tests.test('a large blob goes into quarantine and comes back whole', async (store) => {
    await writeBytes(store, 'a', content);
    await store.quarantine('a', 1);
    expect(await store.listQuarantine({ limit: 10 })).toEqual([{ blobId: 'a', quarantinedAt: 1, size: length }]);
    await store.restore('a');
    expect(sameBytes(await readBytes(store, 'a'), content)).toBe(true);
  });

  tests.test('a sweep leaves writes alone that are said to be under way', async (store) => {
    const asked: string[] = [];
    const live = async (blobId: string) => {
      await new Promise(setImmediate);
      asked.push(blobId);
      return blobId === 'a';
    };
    const swept: number[] = [];
    const before = async (index: number) => {
      if (index === 2 || index === 10) swept.push(await store.sweep({ live }));
    };
    expect(await store.write('a', watched(cut(content, piece), { before }).stream)).toBe(length);
    expect(swept).toEqual([0, 0]);
    expect(asked.filter((blobId) => blobId !== 'a')).toEqual([]);
    expect(await store.sweep({ live: () => false })).toBe(0);
    expect(sameBytes(await readBytes(store, 'a'), content)).toBe(true);
  });

  tests.test('a sweep that cannot learn what is under way removes nothing', async (store) => {
    const unknown = new Error('nobody knows');
    const before = async (index: number) => {
      // A store that has nothing unfinished at that time has nothing to ask, and nothing to remove.
      if (index === 10)
        await store.sweep({ live: () => Promise.reject(unknown) }).catch((error: unknown) => {
          expect(error).toBe(unknown);
        });
    };
    expect(await store.write('a', watched(cut(content, piece), { before }).stream)).toBe(length);
    expect(sameBytes(await readBytes(store, 'a'), content)).toBe(true);
  });
}
