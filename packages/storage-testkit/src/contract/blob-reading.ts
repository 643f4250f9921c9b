import type { BlobStore } from '@coffer/storage-ports';
import { expect } from 'vitest';
import { liveArrayBuffers } from '../live-memory.ts';
import { pattern, readBytes, writeBytes } from './blob-steps.ts';
import type { BlobFixture } from './contract-test.ts';
import type { ContractTests } from './contract-test.ts';
import { inCase } from './in-case.ts';
import { sameBytes } from './same-bytes.ts';

const missing = { name: 'StoreError', code: 'missing_blob' };
const mebibyte = 1024 * 1024;

/** Ranges, readers and memory. */
export function readingTests(tests: ContractTests<BlobStore, BlobFixture>): void {
  tests.test('a blob that is not there is missing, for size and read', async (store) => {
    for (const blobId of ['a', 'ab', 'abc', '0'.repeat(64)])
      await inCase(`blob id ${blobId}`, async () => {
        await expect(store.size(blobId)).rejects.toMatchObject(missing);
        await expect(store.read(blobId)).rejects.toMatchObject(missing);
        await expect(store.read(blobId, { start: 0, length: 0 })).rejects.toMatchObject(missing);
      });
  });

  tests.test('a range is the slice', async (store) => {
    const content = pattern(300_000);
    await writeBytes(store, 'a', content);
    const bounds = [0, 1, 16_384, 65_535, 65_536, 65_537, 131_072, 299_999, 300_000];
    for (const start of bounds) {
      for (const end of bounds.filter((bound) => bound >= start))
        await inCase(`from ${start} to ${end} of 300000`, async () => {
          const bytes = await readBytes(store, 'a', { start, length: end - start });
          expect(Buffer.compare(bytes, content.subarray(start, end))).toBe(0);
        });
    }
  });

  tests.test('a range that is not within the blob is refused, as a mistake of the caller', async (store) => {
    await writeBytes(store, 'a', pattern(10));
    for (const [start, length] of [
      [0, 11],
      [10, 1],
      [11, 0],
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, Number.NaN],
    ] as const)
      await inCase(`${length} bytes from ${start} of 10`, () =>
        expect(store.read('a', { start, length })).rejects.toThrow(RangeError),
      );
  });

  tests.test('pieces are the reader’s own: it may keep and change them', async (store) => {
    const content = pattern(200_000);
    await writeBytes(store, 'a', content);
    const kept: Uint8Array[] = [];
    for await (const piece of await store.read('a')) kept.push(piece);
    expect(Buffer.compare(Buffer.concat(kept), content)).toBe(0);
    for (const piece of kept) piece.fill(0);
    expect(sameBytes(await readBytes(store, 'a'), content)).toBe(true);
  });

  tests.test('a reader is not disturbed when the blob is deleted meanwhile', async (store) => {
    const content = pattern(1_000_000);
    await writeBytes(store, 'a', content);
    const opened = await store.read('a');
    const started = (await store.read('a'))[Symbol.asyncIterator]();
    const pieces = [(await started.next()).value as Uint8Array];
    await store.delete('a');
    await expect(store.read('a')).rejects.toMatchObject(missing);
    for (let next = await started.next(); next.done !== true; next = await started.next()) pieces.push(next.value);
    expect(Buffer.compare(Buffer.concat(pieces), content)).toBe(0);
    const late: Uint8Array[] = [];
    for await (const piece of opened) late.push(piece);
    expect(Buffer.compare(Buffer.concat(late), content)).toBe(0);
  });

  tests.test('readers that leave early, or before the first piece, release the blob', async (store) => {
    await writeBytes(store, 'a', pattern(1_000_000));
    // More than a process may usually have open at once, so that a leak would show.
    for (let i = 0; i < 2_000; i++) {
      const iterator = (await store.read('a'))[Symbol.asyncIterator]();
      if (i % 2 === 0) await iterator.next();
      await iterator.return?.();
      expect((await iterator.next()).done).toBe(true);
    }
    expect(await store.size('a')).toBe(1_000_000);
  });

  tests.test('blobs of tens of MiB are written and read with bounded memory', async (store) => {
    const length = 64 * mebibyte;
    const piece = pattern(65_536);
    const written = await peakMemory(async (observe) => {
      async function* stream() {
        for (let sent = 0; sent < length; sent += piece.length) {
          observe(sent);
          yield piece;
        }
      }
      expect(await store.write('a', stream())).toBe(length);
    });
    let read = 0;
    const reading = await peakMemory(async (observe) => {
      for await (const bytes of await store.read('a')) {
        read += bytes.length;
        observe(read);
      }
    });
    expect(read).toBe(length);
    expect(written).toBeLessThan(16 * mebibyte);
    expect(reading).toBeLessThan(16 * mebibyte);
  });
}

/** The most bytes by which the live array buffers grew, measured every 8 MiB. */
async function peakMemory(run: (observe: (done: number) => void) => Promise<void>): Promise<number> {
  const live = liveArrayBuffers();
  const before = live();
  let peak = 0;
  let looked = 0;
  await run((done) => {
    if (done - looked < 8 * mebibyte) return;
    looked = done;
    peak = Math.max(peak, live() - before);
  });
  return peak;
}
