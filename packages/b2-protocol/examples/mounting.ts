import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { serve } from '@hono/node-server';
import { createB2Handler, headerMetadataSize } from '@coffer/b2-protocol';
import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { toFetchHandler, underPrefix } from '@coffer/http';
import { attach, createNodeListener } from '@coffer/http/node';
import { createStorage } from '@coffer/storage-core';
import { systemClock, systemRandom } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';

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

// Everything is below /coffer, and clients are told so: they call the URLs that they are given.
const handler = createB2Handler({
  storage,
  clock: systemClock,
  random: systemRandom,
  origins: (request) => {
    const url = `http://${request.headers.get('host') ?? 'localhost'}/coffer`;
    return { apiUrl: url, downloadUrl: url, s3ApiUrl: url };
  },
  recommendedPartSize: 100_000_000,
});

// Without a framework. `attach` also refuses uploads before they are sent, and lets no time limit end a long one.
const plain = createServer();
attach(plain, underPrefix('/coffer', handler));
plain.listen(0, '127.0.0.1');

// Express takes the prefix off itself. No body parser may come before it: bodies stream.
const app = express();
app.use('/coffer', createNodeListener(handler));
const expressServer = app.listen(0, '127.0.0.1');

// Hono speaks Fetch.
const hono = new Hono();
const fetchHandler = toFetchHandler(underPrefix('/coffer', handler));
hono.all('/coffer/*', (context) => fetchHandler(context.req.raw));
const honoServer = serve({ fetch: hono.fetch, hostname: '127.0.0.1', port: 0 }) as Server;

// Fastify must neither read bodies nor answer.
const api = fastify();
const listener = createNodeListener(underPrefix('/coffer', handler));
await api.register((scope, _, done) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, parsed) => {
    parsed(null);
  });
  scope.all('/coffer/*', (request, reply) => {
    reply.hijack();
    listener(request.raw, reply.raw);
  });
  done();
});
await api.listen({ host: '127.0.0.1', port: 0 });

// Each serves clients as the whole server does.
for (const server of [plain, expressServer, honoServer, api.server]) {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const url = `http://127.0.0.1:${address.port}/coffer/b2api/v4/b2_authorize_account`;
  const basic = secret?.expose((key) => `Basic ${btoa(`${accountId}:${key}`)}`) ?? '';
  const response = await fetch(url, { method: 'POST', headers: { Authorization: basic }, body: '{}' });
  assert.equal(response.status, 200);
  const account = (await response.json()) as {
    authorizationToken: string;
    apiInfo: { storageApi: { apiUrl: string } };
  };
  const { apiUrl } = account.apiInfo.storageApi;
  assert.equal(apiUrl, `http://127.0.0.1:${address.port}/coffer`);
  const listed = await fetch(`${apiUrl}/b2api/v4/b2_list_buckets`, {
    method: 'POST',
    headers: { Authorization: account.authorizationToken },
    body: JSON.stringify({ accountId }),
  });
  assert.deepEqual(await listed.json(), { buckets: [] });
  server.closeAllConnections();
  server.close();
}
await api.close();
