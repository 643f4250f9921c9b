import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { pieceBuffers, type FillingIterator } from '@coffer/bytes';
import type { BlobFile } from '@coffer/storage-ports';
import { GatheredWriter } from './gathered-writer.ts';

const kibibyte = 1024;

/**
 * A file in memory that takes at most `most` bytes per write and its time over each, and fails the write numbered
 * `failing`.
 */
function memoryFile({ most = Number.POSITIVE_INFINITY, failing = 0 } = {}) {
  const written: Uint8Array[] = [];
  let writes = 0;
  let busy = false;
  const file = {
    async write(bytes: Uint8Array) {
      expect(busy).toBe(false);
      busy = true;
      await new Promise(setImmediate);
      busy = false;
      if (++writes === failing) throw Object.assign(new Error('disk'), { code: 'EIO' });
      const taken = bytes.slice(0, most);
      written.push(taken);
      return taken.length;
    },
  } as unknown as BlobFile;
  return { file, bytes: () => Buffer.concat(written), writes: () => writes };
}

/** One buffer for all pieces, so that a writer that does not copy in time is found out. */
async function addAll(writer: GatheredWriter, lengths: readonly number[]): Promise<Buffer> {
  const expected: Buffer[] = [];
  for (const [i, length] of lengths.entries()) {
    const piece = Buffer.alloc(length, i + 1);
    expected.push(Buffer.from(piece));
    await writer.add(piece);
    piece.fill(0);
  }
  return Buffer.concat(expected);
}

/** Lets a stream fill the writer's buffer: at most so many bytes each time, or as many as fit. */
async function fillAll(writer: GatheredWriter, lengths: readonly number[]): Promise<Buffer> {
  const expected: Buffer[] = [];
  const left = lengths.filter((length) => length > 0);
  const source: FillingIterator = {
    fill: (target) => {
      const length = Math.min(target.length, left.shift() ?? 0);
      target.fill(left.length + 1, 0, length);
      expected.push(Buffer.from(target.subarray(0, length)));
      return Promise.resolve(length);
    },
    next: () => Promise.reject(new Error('Only fills')),
    return: () => Promise.resolve({ done: true, value: undefined }),
  };
  while ((await writer.fill(source)) > 0);
  return Buffer.concat(expected);
}

afterEach(() => {
  expect(pieceBuffers.inUse).toBe(0);
});

test('property: everything is written in order, one write at a time', async () => {
  const lengths = fc.array(fc.oneof(fc.nat(2_000), fc.nat(600 * kibibyte)), { maxLength: 6 });
  const most = fc.constantFrom(100_000, 256 * kibibyte, Number.POSITIVE_INFINITY);
  await fc.assert(
    fc.asyncProperty(lengths, most, fc.boolean(), async (sizes, limit, filling) => {
      const { file, bytes } = memoryFile({ most: limit });
      const writer = new GatheredWriter(file);
      const expected = filling ? await fillAll(writer, sizes) : await addAll(writer, sizes);
      await writer.end();
      await writer.release();
      expect(Buffer.compare(bytes(), expected)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('small pieces share a write', async () => {
  const { file, writes } = memoryFile();
  const writer = new GatheredWriter(file);
  await addAll(
    writer,
    Array.from({ length: 40 }, () => 16 * kibibyte),
  );
  await writer.end();
  await writer.release();
  expect(writes()).toBe(3);
});

test.each([1, 2, 3])('the failure of write %i is heard, and nothing is written after it', async (failing) => {
  const { file, writes } = memoryFile({ failing });
  const writer = new GatheredWriter(file);
  const run = async () => {
    await addAll(writer, [600 * kibibyte, 100 * kibibyte]);
    await writer.end();
  };
  await expect(run()).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
  await writer.release();
  await writer.release();
  expect(writes()).toBe(failing);
});
