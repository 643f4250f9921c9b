import assert from 'node:assert/strict';
import { compareKeys, keys, prefixRange, recordKey, StoreError, type MetadataStore } from '@coffer/storage-ports';

// Keys are ordered as the server lists: by bucket, then by the name's UTF-8 bytes, then newest first.
const older = keys.fileVersions('bucket', 'photo.jpg', 1_000, 'file1');
const newer = keys.fileVersions('bucket', 'photo.jpg', 2_000, 'file2');
assert.ok(compareKeys(newer, older) < 0);

// The versions of one name are one range of keys.
const { start, end } = prefixRange(recordKey('bucket', 'photo.jpg'));
assert.ok(compareKeys(start, newer) < 0 && end !== undefined && compareKeys(older, end) < 0);

// What code on top of a store looks like: read, then commit under the condition that nothing changed meanwhile.
async function nextNumber(store: MetadataStore, purpose: string): Promise<number> {
  const key = keys.counters(purpose);
  for (;;) {
    const found = await store.get('counters', key);
    const last = (found?.value.last ?? 0) + 1;
    const unchanged = found ? { version: found.version } : { is: 'absent' as const };
    try {
      await store.commit({
        expectations: [{ table: 'counters', key, ...unchanged }],
        writes: [{ table: 'counters', key, put: { last } }],
      });
      return last;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
    }
  }
}

// A stand-in that holds one counter and is beaten to the first commit.
let stored = { value: { last: 7 }, version: 1 };
let commits = 0;
const standIn = {
  get: () => Promise.resolve(stored),
  commit: () => {
    if (++commits > 1) return Promise.resolve();
    stored = { value: { last: 8 }, version: 2 };
    return Promise.reject(new StoreError('conflict', 'somebody else was first'));
  },
} as unknown as MetadataStore;
assert.equal(await nextNumber(standIn, 'blobs'), 9);
