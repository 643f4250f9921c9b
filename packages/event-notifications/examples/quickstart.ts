import { headerMetadataSize } from '@coffer/b2-schema';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SecretBytes, SecretString, streamOf } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { createDeliveryWorker } from '@coffer/event-notifications';
import { createStorage } from '@coffer/storage-core';
import { systemClock as clock, systemRandom as random } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';

// A receiver of webhooks that checks the signature.
const secret = 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0';
const received: { eventType: string; objectName: string }[] = [];
const receiver = createServer((request, response) => {
  const body: Buffer[] = [];
  request.on('data', (piece: Buffer) => body.push(piece));
  request.on('end', () => {
    const signature = createHmac('sha256', secret).update(Buffer.concat(body)).digest('hex');
    assert.equal(request.headers['x-bz-event-notification-signature'], `v1=${signature}`);
    received.push(...(JSON.parse(Buffer.concat(body).toString()) as { events: typeof received }).events);
    response.end();
  });
});
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

// A storage with a bucket and a rule.
const globalKey = { id: 'key1', state: 'active', createdAt: Date.now(), key: SecretBytes.random(32) } as const;
const keys = new MemoryKeyProvider([globalKey]);
const storage = createStorage({
  ...{ metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() },
  ...{ keys, clock, random, metadataSize: headerMetadataSize },
});
const { accountId } = await storage.accounts.bootstrap();
const bucket = await storage.buckets.create({ accountId, name: 'my-bucket', type: 'allPrivate', settings: {} });
await storage.notifications.setRules(bucket.bucketId, [
  {
    ...{ name: 'my-rule', eventTypes: ['b2:ObjectCreated:*'], objectNamePrefix: 'photos/' },
    ...{ isEnabled: true, maxEventsPerBatch: 10 },
    target: { url, customHeaders: null, signingSecret: SecretString.of(secret) },
  },
]);
await storage.files.upload(
  { bucketId: bucket.bucketId, name: 'photos/cat.jpg', contentType: 'image/jpeg', fileInfo: {} },
  { body: { stream: streamOf(Buffer.from('cat')), length: 3 }, sha1: { kind: 'unverified' } },
);

// Without `addresses`, nothing on this machine or in a private network would be asked, and nothing over plain http.
const addresses = { allow: ['127.0.0.1'], allowHttp: true };
const worker = createDeliveryWorker({ outbox: storage.outbox, clock, random, addresses });
await worker.round(); // a server calls worker.start() and, at its end, worker.stop()

assert.deepEqual(
  received.map(({ eventType, objectName }) => [eventType, objectName]),
  [['b2:ObjectCreated:Upload', 'photos/cat.jpg']],
);
receiver.close();
