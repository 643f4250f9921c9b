import { open, type FileHandle } from 'node:fs/promises';
import { createMemoryBlobStore } from '@coffer/store-memory';
import { expect, onTestFinished, test } from 'vitest';
import { expectNoOpenBlobs } from './contract/blob-descriptors.ts';
import { uncountable } from './contract/open-descriptors.ts';
import type { BlobStore } from '@coffer/storage-ports';

/** A store that opens a file for each call of `method`, and leaves it open. */
function leaky(method: 'read' | 'write' | 'list'): BlobStore {
  const inner = createMemoryBlobStore();
  const left: FileHandle[] = [];
  onTestFinished(async () => {
    for (const file of left) await file.close();
  });
  const leak = async <T>(call: Promise<T>): Promise<T> => {
    left.push(await open('/dev/null'));
    return call;
  };
  return {
    ...inner,
    read: (...args) => (method === 'read' ? leak(inner.read(...args)) : inner.read(...args)),
    write: (...args) => (method === 'write' ? leak(inner.write(...args)) : inner.write(...args)),
    list: (...args) => (method === 'list' ? leak(inner.list(...args)) : inner.list(...args)),
  };
}

test.skipIf(uncountable !== undefined).each([
  ['read', 'a read to the end: descriptors still open after 50 times'],
  ['write', 'a write: descriptors still open after 50 times'],
  ['list', 'a list: descriptors still open after 50 times'],
] as const)('a store that leaves descriptors open in %s fails, and the failure says where', async (method, message) => {
  await expect(expectNoOpenBlobs(leaky(method))).rejects.toThrow(message);
});

test.skipIf(uncountable !== undefined)('a store that leaves none open passes', async () => {
  await expectNoOpenBlobs(createMemoryBlobStore());
});
