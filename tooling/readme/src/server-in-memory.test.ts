import { startServer, type MemoryServer } from '@coffer/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

let server: MemoryServer;

beforeAll(async () => {
  server = await startServer({ memory: true }); // a free port, no file, no output
});

afterAll(() => server.close());

test('my program finds its account', async () => {
  const key = server.masterKey.expose((secret) => secret);
  const authorization = `Basic ${btoa(`${server.masterKeyId}:${key}`)}`;
  const answer = await fetch(`${server.urls.http}/b2api/v4/b2_authorize_account`, {
    headers: { Authorization: authorization },
  });
  expect(answer.status).toBe(200);
});
