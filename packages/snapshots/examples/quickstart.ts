import { headerMetadataSize } from '@coffer/b2-schema';
import assert from 'node:assert/strict';
import { SecretBytes, streamOf } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { createSnapshotService, createSnapshotWorker, snapshotBucketName } from '@coffer/snapshots';
import { createStorage } from '@coffer/storage-core';
import { systemClock as clock, systemRandom as random } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';

// A storage with a bucket and two files, one of them encrypted.
const globalKey = { id: 'key1', state: 'active', createdAt: Date.now(), key: SecretBytes.random(32) } as const;
const storage = createStorage({
  ...{ metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() },
  ...{ keys: new MemoryKeyProvider([globalKey]), clock, random, metadataSize: headerMetadataSize },
});
const { accountId } = await storage.accounts.bootstrap();
const { bucketId } = await storage.buckets.create({ accountId, name: 'my-bucket', type: 'allPrivate', settings: {} });
for (const [name, mode] of [
  ['photos/cat.jpg', 'none'],
  ['photos/secret.jpg', 'SSE-B2'],
] as const)
  await storage.files.upload(
    { bucketId, name, contentType: 'image/jpeg', fileInfo: {}, encryption: { mode } },
    { body: { stream: streamOf(Buffer.from('cat')), length: 3 }, sha1: { kind: 'computed' } },
  );

// What would be in a snapshot of a folder?
const snapshots = createSnapshotService({ storage, clock, random });
const selection = { bucketId, files: [], folders: ['photos/'] };
const plan = await snapshots.plan(accountId, selection);
assert.deepEqual([plan.files.files, plan.encrypted.names, plan.next], [1, ['photos/secret.jpg'], null]);

// Ask for it, and have it made. A server calls worker.start() and, at its end, worker.stop().
const { snapshotId } = await snapshots.create(accountId, { selection, title: 'Photos' });
await createSnapshotWorker({ storage, clock }).round();

const [made] = (await snapshots.list(accountId)).snapshots;
assert.deepEqual([made?.snapshotId, made?.state, made?.done.files], [snapshotId, 'done', 1]);
const bucket = await storage.buckets.getByName(snapshotBucketName(accountId));
const zip = await storage.files.getByName(bucket.bucketId, 'my-bucket/Photos.zip');
assert.equal(zip.size, made?.size);
