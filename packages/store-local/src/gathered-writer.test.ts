import fc from 'fast-check';
import { expect, test } from 'vitest';
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

test('property: everything is written in order, one write at a time', async () => {
  const lengths = fc.array(fc.oneof(fc.nat(2_000), fc.nat(600 * kibibyte)), { maxLength: 6 });
  const most = fc.constantFrom(100_000, 256 * kibibyte, Number.POSITIVE_INFINITY);
  await fc.assert(
    fc.asyncProperty(lengths, most, fc.constantFrom(64, 256), async (sizes, limit, gathered) => {
      const { file, bytes } = memoryFile({ most: limit });
      const writer = new GatheredWriter(file, gathered * kibibyte);
      const expected = await addAll(writer, sizes);
      await writer.end();
      expect(Buffer.compare(bytes(), expected)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('small pieces share a write', async () => {
  const { file, writes } = memoryFile();
  const writer = new GatheredWriter(file, 256 * kibibyte);
  await addAll(
    writer,
    Array.from({ length: 33 }, () => 16 * kibibyte),
  );
  await writer.end();
  expect(writes()).toBe(3);
});

test.each([1, 2, 3])('the failure of write %i is heard, and nothing is written after it', async (failing) => {
  const { file, writes } = memoryFile({ failing });
  const writer = new GatheredWriter(file, 256 * kibibyte);
  const run = async () => {
    await addAll(writer, [600 * kibibyte, 100 * kibibyte]);
    await writer.end();
  };
  await expect(run()).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
  await writer.idle();
  expect(writes()).toBe(failing);
});
