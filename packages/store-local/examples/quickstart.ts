import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect, streamOf } from '@coffer/bytes';
import { keys } from '@coffer/storage-ports';
import { checkLocalStore, inspectLocalStore, openLocalStore } from '@coffer/store-local';

const directory = await mkdtemp(join(tmpdir(), 'coffer-'));
const store = await openLocalStore({ directory });

// Blobs are files: durable when the promise resolves, visible whole or not at all.
const text = new TextEncoder().encode('hello world');
assert.equal(await store.blobs.write('b1', streamOf(text)), 11);

// Metadata is in LMDB: a commit checks what it expects and writes, as one durable step.
const key = keys.blobReferences('b1');
const commit = {
  expectations: [{ table: 'blobReferences', key, is: 'absent' }],
  writes: [{ table: 'blobReferences', key, put: { fileId: 'f1', partNumber: 0 } }],
} as const;
await store.metadata.commit(commit);
await assert.rejects(store.metadata.commit(commit), { code: 'conflict' });
await store.close();

// Everything is there when the store is opened again.
const again = await openLocalStore({ directory });
assert.deepEqual((await again.metadata.get('blobReferences', key))?.value, { fileId: 'f1', partNumber: 0 });
const range = await again.blobs.read('b1', { start: 6, length: 5 });
assert.equal(new TextDecoder().decode(await collect(range, 100)), 'world');
await again.close();

// What a diagnosis wants to know.
const facts = await checkLocalStore(directory);
assert.equal(facts.temporaryBlobs, 0);
const parts = await inspectLocalStore(directory, { inUse: false, pages: 10_000, ignored: () => false });
assert.equal(parts.metadata.state, 'readable');
await rm(directory, { recursive: true });
