import assert from 'node:assert/strict';
import { collect, streamOf } from '@coffer/bytes';
import { keys, StoreError } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';

// Content goes into a blob, and what is known of it into a table.
const blobs = createMemoryBlobStore();
await blobs.write('blob1', streamOf(new TextEncoder().encode('Hello, world')));
const range = await blobs.read('blob1', { start: 7, length: 5 });
assert.equal(new TextDecoder().decode(await collect(range, 100)), 'world');

const metadata = createMemoryMetadataStore();
const key = keys.counters('uploads');
await metadata.commit({ expectations: [], writes: [{ table: 'counters', key, put: { last: 1 } }] });

// Expectations hold here as in every other store: two writers cannot both believe that they were the first.
const once = { expectations: [{ table: 'counters', key, is: 'absent' }], writes: [] } as const;
await assert.rejects(metadata.commit(once), (error) => error instanceof StoreError && error.code === 'conflict');

// What was written outlives its handle, as it does in a store on a disk, and ends with the process.
await metadata.close();
assert.deepEqual((await metadata.reopen().get('counters', key))?.value, { last: 1 });
