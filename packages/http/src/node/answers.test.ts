import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { collect, streamOf } from '@coffer/bytes';
import type { HttpHandler, HttpRequest } from '../index.ts';
import { startServer, stopServers } from '../test-support/test-server.ts';

afterEach(stopServers);

const get = 'GET /file/b/a%20b?x=1 HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nx-two: 2\r\n\r\n';
const hello = new TextEncoder().encode('hello');
const echo: HttpHandler = async (request) => ({ status: 200, headers: [], body: await collect(request.body, 2 ** 20) });

describe('an answer', () => {
  it('carries Date from the injected clock, an explicit length and the headers as given', async () => {
    const now = () => Date.UTC(1994, 10, 6, 8, 49, 37);
    const server = await startServer(
      async () => ({
        status: 200,
        headers: [
          ['X-A', '1'],
          ['X-A', '2'],
        ],
        body: hello,
      }),
      { now },
    );
    const client = await server.connect();
    client.send(get);
    const answer = await client.answer();
    expect(answer).toMatchObject({ status: 200, body: 'hello' });
    expect(answer.headers.getAll('x-a')).toEqual(['1', '2']);
    expect(answer.headers.getAll('date')).toEqual(['Sun, 06 Nov 1994 08:49:37 GMT']);
    expect(answer.headers.getAll('content-length')).toEqual(['5']);
    expect(answer.headers.has('transfer-encoding')).toBe(false);
  });

  it('does not take length and date from the handler', async () => {
    const server = await startServer(async () => ({
      status: 200,
      headers: [
        ['content-length', '99'],
        ['date', 'x'],
        ['Transfer-Encoding', 'chunked'],
      ],
      body: hello,
    }));
    const client = await server.connect();
    client.send(get);
    const { headers, body } = await client.answer();
    expect(body).toBe('hello');
    expect(headers.getAll('content-length')).toEqual(['5']);
    expect(headers.getAll('date')).not.toContain('x');
  });

  it.each([
    [200, '0'],
    [204, undefined],
    [304, undefined],
    [404, '0'],
  ])('without a body and with status %i declares the length %s', async (status, length) => {
    const server = await startServer(async () => ({ status, headers: [] }));
    const client = await server.connect();
    client.send(get + get);
    for (const answer of [await client.answer(), await client.answer()]) {
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-length')).toBe(length);
    }
  });

  it.each([hello, { stream: streamOf(hello), length: 5 }])(
    'to HEAD declares the length and sends no byte',
    async (body) => {
      const server = await startServer(async () => ({ status: 200, headers: [], body }));
      const client = await server.connect();
      client.send('HEAD / HTTP/1.1\r\nHost: h\r\n\r\n' + 'HEAD / HTTP/1.1\r\nHost: h\r\n\r\n');
      expect((await client.answer(false)).headers.get('content-length')).toBe('5');
      expect((await client.answer(false)).status).toBe(200);
      expect(client.received).toBe('');
    },
  );

  it('to HEAD without a body may declare a length', async () => {
    const server = await startServer(async () => ({ status: 200, headers: [['Content-Length', '7']] }));
    const client = await server.connect();
    client.send('HEAD / HTTP/1.1\r\nHost: h\r\n\r\n');
    expect((await client.answer(false)).headers.get('content-length')).toBe('7');
  });

  it('that asks to close the connection closes it', async () => {
    const server = await startServer(async () => ({ status: 400, headers: [['Connection', 'close']] }));
    const client = await server.connect();
    client.send(get);
    expect((await client.answer()).headers.getAll('connection')).toEqual(['close']);
    await client.closed();
  });
});

describe('a request', () => {
  it('reaches the handler raw', async () => {
    const seen: HttpRequest[] = [];
    const server = await startServer(async (request) => {
      seen.push(request);
      return { status: 200, headers: [] };
    });
    const client = await server.connect();
    client.send(get);
    await client.answer();
    const [request] = seen;
    expect(request).toMatchObject({ method: 'GET', target: '/file/b/a%20b?x=1', contentLength: undefined });
    expect(request?.peer).toEqual({ address: '127.0.0.1', loopback: true, secure: false });
    expect(request?.headers.pairs).toEqual([
      ['Host', 'h'],
      ['X-Two', '1'],
      ['x-two', '2'],
    ]);
  });

  it('without content has an empty body', async () => {
    const server = await startServer(echo);
    const client = await server.connect();
    client.send(get + 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n');
    expect((await client.answer()).body).toBe('');
    expect((await client.answer()).body).toBe('');
  });

  it.each([
    ['declared', 5, 'Content-Length: 5\r\n\r\nhello'],
    ['chunked', undefined, 'Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: 1\r\n\r\n'],
  ])('has %s content, of the length %s', async (_, length, rest) => {
    const server = await startServer((request) => {
      expect(request.contentLength).toBe(length);
      return echo(request);
    });
    const client = await server.connect();
    client.send('POST / HTTP/1.1\r\nHost: h\r\n' + rest);
    expect((await client.answer()).body).toBe('hello');
  });

  it('body read twice fails the second time', async () => {
    const codes: unknown[] = [];
    const server = await startServer(async ({ body }) => {
      await collect(body, 10);
      await collect(body, 10).catch((error: unknown) => codes.push(error));
      return { status: 200, headers: [] };
    });
    const client = await server.connect();
    client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello');
    await client.answer();
    expect(codes).toMatchObject([{ code: 'already_read' }]);
  });
});

describe('a connection', () => {
  it('serves a hundred requests in turn, whether or not their bodies are read', async () => {
    let count = 0;
    const server = await startServer(async (request) => {
      count++;
      if (count % 4 === 1) for await (const piece of request.body) expect(piece.length).toBeGreaterThan(0);
      // Reads a piece and leaves the rest.
      if (count % 4 === 2) for await (const _ of request.body) break;
      return { status: 200, headers: [], body: new TextEncoder().encode(String(count)) };
    });
    const client = await server.connect();
    const body = 'x'.repeat(100_000);
    for (let i = 1; i <= 100; i++) {
      client.send(`POST /${i} HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      expect(await client.answer()).toMatchObject({ status: 200, body: String(i) });
    }
  });

  it('answers pipelined requests in their order', async () => {
    const server = await startServer(async (request) => {
      if (request.target === '/0') await new Promise((resolve) => setImmediate(resolve));
      return {
        status: 200,
        headers: [],
        body: { stream: streamOf(new TextEncoder().encode(request.target)), length: request.target.length },
      };
    });
    const client = await server.connect();
    const targets = Array.from({ length: 20 }, (_, i) => `/${i}`);
    client.send(targets.map((target) => `POST ${target} HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc`).join(''));
    for (const target of targets) expect((await client.answer()).body).toBe(target);
  });

  it('is kept by a real client', async () => {
    const server = await startServer(echo);
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port: server.port, method: 'PUT' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject).end('hello');
    });
    expect(answer).toBe(200);
  });
});
