import type { BlobStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import { cut, pattern, readBytes, watched, writeBytes } from './blob-steps.ts';
import type { BlobFixture } from './contract-test.ts';
import type { ContractTests } from './contract-test.ts';
import { inCase } from './in-case.ts';
import { sameBytes } from './same-bytes.ts';

const missing = { name: 'StoreError', code: 'missing_blob' };
const taken = { name: 'StoreError', code: 'blob_exists' };

/** Tests that a blob is stored whole or not at all, however the write ends. */
export function writingTests(tests: ContractTests<BlobStore, BlobFixture>): void {
  const expectNothing = async (store: BlobStore, blobId: string) => {
    await expect(store.size(blobId)).rejects.toMatchObject(missing);
    await expect(store.read(blobId)).rejects.toMatchObject(missing);
    expect(await store.list({ limit: 10 })).toEqual([]);
    await store.sweep();
    expect(await store.sweep()).toBe(0);
    expect(await writeBytes(store, blobId, pattern(10))).toBe(10);
  };

  tests.test('blobs of every size come back, whatever pieces they came in', async (store) => {
    const sizes = [0, 1, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 262_144, 1_000_003];
    for (const [i, size] of sizes.entries()) {
      const content = pattern(size, i);
      for (const piece of [1_000, 16_384, 65_536, 2_000_000]) {
        const blobId = `b${i}p${piece}`;
        await inCase(`${size} bytes in pieces of ${piece}`, async () => {
          const { stream, state } = watched(cut(content, piece));
          expect(await store.write(blobId, stream)).toBe(size);
          expect(state.finished).toBe(true);
          expect(await store.size(blobId)).toBe(size);
          expect(sameBytes(await readBytes(store, blobId), content)).toBe(true);
        });
      }
    }
  });

  tests.test('empty pieces, single bytes and a producer that reuses its buffer are no trouble', async (store) => {
    const buffer = new Uint8Array(1);
    async function* reusing() {
      for (let i = 0; i < 5_000; i++) {
        buffer[0] = i;
        yield buffer;
        yield buffer.subarray(0, 0);
      }
    }
    expect(await store.write('a', reusing())).toBe(5_000);
    expect(await readBytes(store, 'a')).toEqual(Uint8Array.from({ length: 5_000 }, (_, i) => i));
  });

  tests.test('a blob is not visible before its write is through', async (store) => {
    const before = async () => {
      await expect(store.size('a')).rejects.toMatchObject(missing);
      await expect(store.read('a')).rejects.toMatchObject(missing);
      expect(await store.list({ limit: 10 })).toEqual([]);
    };
    await store.write('a', watched(cut(pattern(600_000), 100_000), { before }).stream);
    expect(await store.size('a')).toBe(600_000);
    expect(await store.list({ limit: 10 })).toEqual(['a']);
  });

  tests.test('a stream that fails half way: its error, and nothing is left', async (store) => {
    const failure = new Error('the client went away');
    const { stream, state } = watched(cut(pattern(600_000), 50_000), { failure });
    await expect(store.write('a', stream)).rejects.toBe(failure);
    expect(state).toEqual({ pulled: 12, finished: true });
    await expectNothing(store, 'a');
  });

  tests.test('a signal that aborts half way: its reason, nothing is left, the stream is let go', async (store) => {
    const controller = new AbortController();
    const reason = new Error('aborted');
    const before = (index: number) => {
      if (index === 3) controller.abort(reason);
    };
    const { stream, state } = watched(cut(pattern(600_000), 50_000), { before });
    await expect(store.write('a', stream, { signal: controller.signal })).rejects.toBe(reason);
    expect(state).toEqual({ pulled: 4, finished: true });
    await expectNothing(store, 'a');
  });

  tests.test('a signal that aborts with the last piece still prevents the blob', async (store) => {
    const controller = new AbortController();
    const reason = new Error('aborted');
    async function* stream() {
      yield pattern(10);
      controller.abort(reason);
    }
    await expect(store.write('a', stream(), { signal: controller.signal })).rejects.toBe(reason);
    await expectNothing(store, 'a');
  });

  tests.test('a signal that had aborted before: the stream is let go unread', async (store) => {
    const reason = new Error('aborted');
    const { stream, returned } = unread();
    await expect(store.write('a', stream, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(returned()).toBe(true);
    await expectNothing(store, 'a');
  });

  tests.test(
    'an id is never used twice: blob_exists, the stream is let go, the blob stays as it was',
    async (store) => {
      await writeBytes(store, 'a', pattern(1_000));
      const { stream, state } = watched(cut(pattern(500_000, 7), 1_000));
      await expect(store.write('a', stream)).rejects.toMatchObject(taken);
      expect(state.finished || state.pulled === 0).toBe(true);
      expect(sameBytes(await readBytes(store, 'a'), pattern(1_000))).toBe(true);
      await store.sweep();
      expect(await store.list({ limit: 10 })).toEqual(['a']);
    },
  );

  tests.test('of concurrent writes of one id, one wins whole', async (store) => {
    const one = (seed: number) => writeBytes(store, 'a', pattern(200_000, seed));
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, seed) => one(seed)));
    const winners = results.flatMap(({ status }, seed) => (status === 'fulfilled' ? [seed] : []));
    expect(winners.length).toBe(1);
    for (const [seed, result] of results.entries())
      if (result.status === 'rejected') expect(result.reason, `write ${seed} of 10`).toMatchObject(taken);
    expect(sameBytes(await readBytes(store, 'a'), pattern(200_000, winners[0]))).toBe(true);
  });

  tests.test('what is no blob id is refused, as a mistake of the caller', async (store) => {
    const wrong = ['', '.', '..', '../a', 'a/b', 'A', 'é', 'a b', 'a\0', 'tmp/x', 'a'.repeat(65), '-', 'a\n'];
    for (const blobId of wrong)
      await inCase(`blob id ${JSON.stringify(blobId)}`, async () => {
        const { stream, returned } = unread();
        await expect(store.write(blobId, stream)).rejects.toThrow(RangeError);
        expect(returned()).toBe(true);
        await expect(store.size(blobId)).rejects.toThrow(RangeError);
        await expect(store.read(blobId)).rejects.toThrow(RangeError);
        await expect(store.delete(blobId)).rejects.toThrow(RangeError);
      });
  });

  tests.test('many concurrent writes and reads of different blobs', async (store) => {
    const one = async (i: number) => {
      const content = pattern(50_000 + i, i);
      await writeBytes(store, `blob${i}`, content);
      return sameBytes(await readBytes(store, `blob${i}`), content);
    };
    const equal = await Promise.all(Array.from({ length: 100 }, (_, i) => one(i)));
    expect(equal.every(Boolean)).toBe(true);
    expect((await store.list({ limit: 1_000 })).length).toBe(100);
  });
}

/** A stream that records whether it was ended without being read. */
function unread() {
  let released = false;
  const stream = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.reject(new Error('must not be read')),
      return: async () => {
        released = true;
        return { done: true as const, value: undefined };
      },
    }),
  };
  return { stream, returned: () => released };
}
