import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '@coffer/bytes';
import type { HttpHandler } from '../index.ts';
import { startServer, stopServers } from '../test-support/test-server.ts';

afterEach(stopServers);

const refuseUnread: HttpHandler = async () => ({ status: 401, headers: [], body: new TextEncoder().encode('no') });
const readAll: HttpHandler = async ({ body }) => ({ status: 200, headers: [], body: await collect(body, 100) });
const post = (length: number, more = '') => `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n${more}\r\n`;

describe('an answer given before the body was read', () => {
  it('drops a small rest and serves the next request', async () => {
    const server = await startServer(refuseUnread, { drainLimitBytes: 1000 });
    const client = await server.connect();
    client.send(post(1000) + 'x'.repeat(10));
    expect(await client.answer()).toMatchObject({ status: 401, body: 'no' });
    client.send('x'.repeat(990) + 'GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    expect((await client.answer()).headers.get('connection')).toBe('keep-alive');
  });

  it.each([
    ['a large rest', post(1001)],
    ['a rest of unknown size', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ])('announces the end of the connection for %s, and is seen by a client that still sends', async (_, head) => {
    const server = await startServer(refuseUnread, { drainLimitBytes: 1000 });
    const client = await server.connect();
    client.send(head);
    const answer = await client.answer();
    expect(answer).toMatchObject({ status: 401, body: 'no' });
    expect(answer.headers.get('connection')).toBe('close');
    await client.closed();
  });

  it('reaches a client that sends much more than is dropped', async () => {
    const server = await startServer(refuseUnread, { drainLimitBytes: 2 ** 20 });
    const client = await server.connect();
    client.send(post(2 ** 26));
    client.socket.write(new Uint8Array(2 ** 26));
    expect(await client.answer()).toMatchObject({ status: 401, body: 'no' });
    await client.closed();
    expect(server.sockets[0]!.bytesRead).toBeLessThan(2 ** 21);
  });

  it('holds the connection open for a client that sends too much, until that closes', async () => {
    const server = await startServer(refuseUnread, { drainLimitBytes: 1, lingerMs: 1e9 });
    const client = await server.connect();
    client.send(post(100_000));
    await client.answer();
    client.send('x'.repeat(100_000));
    client.socket.destroy();
    await new Promise((resolve) => server.sockets[0]!.once('close', resolve));
  });

  it('closes a kept connection whose rest does not come', async () => {
    const server = await startServer(refuseUnread, { bodyTimeoutMs: 30 });
    const client = await server.connect();
    client.send(post(10));
    expect((await client.answer()).headers.get('connection')).toBe('keep-alive');
    await client.closed();
  });

  it.each([
    ['a kept connection', { drainLimitBytes: 1e6 }],
    ['one that is closed anyway', { drainLimitBytes: 1e6 - 1 }],
  ])('does not hold %s for a client that goes on sending byte by byte', async (_, limits) => {
    const server = await startServer(refuseUnread, { ...limits, drainTimeoutMs: 100, lingerMs: 1e6 });
    const client = await server.connect();
    client.send(post(1e6));
    await client.answer();
    const drip = setInterval(() => {
      client.send('x');
    }, 10);
    await client.closed();
    clearInterval(drip);
  });

  it('may still be streaming out of the body', async () => {
    const server = await startServer(async ({ body }) => ({
      status: 200,
      headers: [],
      body: { stream: body, length: 10 },
    }));
    const client = await server.connect();
    client.send(post(10) + 'hello');
    client.send('world');
    expect((await client.answer()).body).toBe('helloworld');
    client.send(post(10) + 'helloworld');
    expect((await client.answer()).body).toBe('helloworld');
  });
});

describe('Expect: 100-continue', () => {
  const expecting = post(5, 'Expect: 100-continue\r\n');

  it('is answered when the body is first pulled', async () => {
    const server = await startServer(readAll);
    const client = await server.connect();
    client.send(expecting);
    expect((await client.answer()).status).toBe(100);
    client.send('hello');
    expect((await client.answer()).body).toBe('hello');
    client.send(post(5) + 'again');
    expect((await client.answer()).body).toBe('again');
  });

  it('is not answered when the body is not wanted, and the connection ends', async () => {
    const server = await startServer(refuseUnread);
    const client = await server.connect();
    client.send(expecting);
    const answer = await client.answer();
    expect(answer).toMatchObject({ status: 401, body: 'no' });
    expect(answer.headers.get('connection')).toBe('close');
    await client.closed();
    expect(client.received).toBe('');
  });

  it.each<[string, HttpHandler]>([
    ['nobody asks for', refuseUnread],
    [
      'somebody gives up before the first piece',
      async ({ body }) => {
        await body[Symbol.asyncIterator]().return?.();
        return { status: 403, headers: [] };
      },
    ],
  ])('is not answered for chunked content that %s, and the connection ends', async (_, handler) => {
    const server = await startServer(handler);
    const client = await server.connect();
    client.send('PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n');
    const answer = await client.answer();
    expect(answer.status).toBeGreaterThan(400);
    expect(answer.headers.get('connection')).toBe('close');
    await client.closed();
    expect(client.received).toBe('');
  });

  it('is answered for chunked content when it is first pulled', async () => {
    const server = await startServer(readAll);
    const client = await server.connect();
    client.send('PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n');
    expect((await client.answer()).status).toBe(100);
    client.send('5\r\nhello\r\n0\r\n\r\n');
    expect((await client.answer()).body).toBe('hello');
  });

  it('means nothing without content', async () => {
    const server = await startServer(readAll);
    const client = await server.connect();
    client.send('GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n');
    expect((await client.answer()).status).toBe(200);
  });

  it('other expectations are refused', async () => {
    const server = await startServer(readAll);
    const client = await server.connect();
    client.send(post(5, 'Expect: tea\r\n') + 'hello');
    expect((await client.answer()).status).toBe(417);
  });
});

describe('a body that makes no progress', () => {
  it('fails with a timeout, and the answer to that is seen', async () => {
    const server = await startServer(
      async ({ body }) =>
        collect(body, 100).then(
          () => ({ status: 200, headers: [] }),
          (error: unknown) => ({
            status: 408,
            headers: [],
            body: new TextEncoder().encode((error as { code: string }).code),
          }),
        ),
      { bodyTimeoutMs: 30 },
    );
    const client = await server.connect();
    client.send(post(10) + 'hello');
    const answer = await client.answer();
    expect(answer).toMatchObject({ status: 408, body: 'timeout' });
    expect(answer.headers.get('connection')).toBe('close');
    await client.closed();
  });

  it('is only one that its reader waits for', async () => {
    const server = await startServer(
      async ({ body }) => {
        let text = '';
        for await (const piece of body) {
          text += String(piece.length);
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
        return { status: 200, headers: [], body: new TextEncoder().encode(text) };
      },
      { bodyTimeoutMs: 30 },
    );
    const client = await server.connect();
    client.send(post(5) + 'hello');
    expect((await client.answer()).body).toBe('5');
  });
});
