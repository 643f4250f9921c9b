import { headerMetadataSize } from '@coffer/b2-schema';
import assert from 'node:assert/strict';
import { SecretBytes, collect, streamOf } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { createStorage } from '@coffer/storage-core';
import { systemClock, systemRandom } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';

// Stores and keys that forget everything with the process; a server takes a durable store and a keyring.
const globalKey = { id: 'key1', state: 'active', createdAt: Date.now(), key: SecretBytes.random(32) } as const;
const storage = createStorage({
  metadata: createMemoryMetadataStore(),
  blobs: createMemoryBlobStore(),
  keys: new MemoryKeyProvider([globalKey]),
  clock: systemClock,
  random: systemRandom,
  metadataSize: headerMetadataSize,
});

const { accountId } = await storage.accounts.bootstrap();
const { bucketId } = await storage.buckets.create({
  accountId,
  name: 'my-bucket',
  type: 'allPrivate',
  settings: { defaultEncryption: 'SSE-B2' },
});

const data = new TextEncoder().encode('Hello, world');
const version = await storage.files.upload(
  { bucketId, name: 'greetings/hello.txt', contentType: 'text/plain', fileInfo: {} },
  { body: { stream: streamOf(data), length: data.length }, sha1: { kind: 'unverified' } },
);
assert.equal(version.encryption.mode, 'SSE-B2');

const current = await storage.files.getByName(bucketId, 'greetings/hello.txt');
const file = await storage.reads.open(current);
assert.equal(new TextDecoder().decode(await collect(file.read({ start: 7, length: 5 }), 5)), 'world');
file.close();

const { rows } = await storage.listings.names({ bucketId, delimiter: '/', limit: 100 });
assert.deepEqual(rows, [{ kind: 'folder', name: 'greetings/' }]);
