import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createB2Handler, headerMetadataSize } from '@coffer/b2-protocol';
import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { attach } from '@coffer/http/node';
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
  metadataSize: headerMetadataSize,
});
const { accountId, secret } = await storage.accounts.bootstrap();

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
assert.ok(typeof address === 'object' && address !== null);
const origin = `http://127.0.0.1:${address.port}`;

const handler = createB2Handler({
  storage,
  clock: systemClock,
  random: systemRandom,
  origins: () => ({ apiUrl: origin, downloadUrl: origin, s3ApiUrl: origin }),
  recommendedPartSize: 100_000_000,
});
attach(server, handler);

// What any B2 client does: authorize, make a bucket, upload, download.
async function call<T>(url: string, authorization: string, fields: object): Promise<T> {
  const headers = { Authorization: authorization };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(fields) });
  assert.equal(response.status, 200);
  return (await response.json()) as T;
}

const basic = secret?.expose((key) => `Basic ${btoa(`${accountId}:${key}`)}`) ?? '';
const api = `${origin}/b2api/v4`;
const account = await call<{ authorizationToken: string }>(`${api}/b2_authorize_account`, basic, {});
const token = account.authorizationToken;

const { bucketId } = await call<{ bucketId: string }>(`${api}/b2_create_bucket`, token, {
  accountId,
  bucketName: 'my-bucket',
  bucketType: 'allPrivate',
  defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' },
});
const upload = await call<{ uploadUrl: string; authorizationToken: string }>(`${api}/b2_get_upload_url`, token, {
  bucketId,
});
const stored = await fetch(upload.uploadUrl, {
  method: 'POST',
  headers: {
    Authorization: upload.authorizationToken,
    'X-Bz-File-Name': 'hello.txt',
    'Content-Type': 'b2/x-auto',
    'X-Bz-Content-Sha1': 'do_not_verify',
  },
  body: 'Hello, world',
});
assert.equal(stored.status, 200);

const download = await fetch(`${origin}/file/my-bucket/hello.txt`, { headers: { Authorization: token } });
assert.equal(download.headers.get('x-bz-server-side-encryption'), 'AES256');
assert.equal(await download.text(), 'Hello, world');

server.closeAllConnections();
server.close();
