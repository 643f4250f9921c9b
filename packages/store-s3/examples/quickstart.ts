import assert from 'node:assert/strict';
import { collect, streamOf } from '@coffer/bytes';
import { openS3BlobStore } from '@coffer/store-s3';

// A bucket of any S3-compatible store. The access key is where AWS's tools have it: in the environment, for example.
const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket = '' } = process.env;
const store = await openS3BlobStore({
  address: `s3://${bucket}/blobs-of-coffer`,
  endpoint,
  storeId: '5f0c61d5b1a24ad0a3b4f6f2a1d7c9e8',
  create: true,
});
// What was noticed of the bucket: old versions that it keeps, for example.
for (const warning of store.warnings) assert.match(warning, /^[A-Z].*\.$/);

// Written once: streamed, in parts if it is large, and there only as a whole.
const text = new TextEncoder().encode('Hello, world');
assert.equal(await store.write('blob1', streamOf(text)), 12);
await assert.rejects(store.write('blob1', streamOf(text)), { code: 'blob_exists' });

// Every byte is checked on reading, also of a range.
const range = await store.read('blob1', { start: 7, length: 5 });
assert.equal(new TextDecoder().decode(await collect(range, 100)), 'world');

// How the store is, for a health check.
assert.equal((await store.check()).state, 'ready');

await store.delete('blob1');
await store.close();
