import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { attach } from '@coffer/http/node';
import { createS3Handler, metadataSize } from '@coffer/s3-protocol';
import { sha256Hex, signRequest } from '@coffer/sigv4';
import { createStorage } from '@coffer/storage-core';
import { systemClock, systemRandom } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';

// A storage that forgets everything with the process; a server takes a durable store and a keyring.
const globalKey = { id: 'key1', state: 'active', createdAt: Date.now(), key: SecretBytes.random(32) } as const;
const storage = createStorage({
  metadata: createMemoryMetadataStore(),
  blobs: createMemoryBlobStore(),
  keys: new MemoryKeyProvider([globalKey]),
  clock: systemClock,
  random: systemRandom,
  metadataSize,
});

// S3 takes application keys only, not the master key of the account.
const { accountId } = await storage.accounts.bootstrap();
const { key, secret } = await storage.applicationKeys.create({
  accountId,
  keyName: 's3',
  capabilities: ['listBuckets', 'writeBuckets', 'readFiles', 'writeFiles'],
  bucketIds: null,
  namePrefix: null,
  validDurationInSeconds: null,
});

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
assert.ok(typeof address === 'object' && address !== null);
const host = `127.0.0.1:${address.port}`;

const origin = () => `http://${host}`;
attach(server, createS3Handler({ storage, clock: systemClock, random: systemRandom, regions: ['us-east-1'], origin }));

// What any S3 client does with each request: sign it and send it.
async function send(method: string, path: string, body = '', headers: Record<string, string> = {}): Promise<Response> {
  const request = { method, target: path, headers: [['Host', host] as const, ...Object.entries(headers)] };
  const payload = { kind: 'sha256', sha256: sha256Hex(body) } as const;
  const signed = signRequest(request, { accessKeyId: key.applicationKeyId, secret, region: 'us-east-1', payload });
  const all = { ...headers, ...Object.fromEntries(signed.headers) };
  return fetch(`http://${host}${path}`, { method, headers: all, ...(method === 'PUT' && { body }) });
}

assert.equal((await send('PUT', '/my-bucket')).status, 200);
const encryption = { 'x-amz-server-side-encryption': 'AES256' };
assert.equal((await send('PUT', '/my-bucket/hello.txt', 'Hello, world', encryption)).status, 200);

const download = await send('GET', '/my-bucket/hello.txt');
assert.equal(download.headers.get('x-amz-server-side-encryption'), 'AES256');
assert.equal(await download.text(), 'Hello, world');

server.closeAllConnections();
server.close();
