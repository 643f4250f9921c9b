import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeListener } from '../node.ts';
import { RawClient } from '../test-support/raw-client.ts';
import { latch, startServer, stopServers } from '../test-support/test-server.ts';

afterEach(stopServers);

const fine = async () => ({ status: 200, headers: [] });
const get = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';

describe('what is no HTTP', () => {
  it.each([
    ['garbage', 'not http at all\r\n\r\n', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['too large headers', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'a coding that is not undone',
      'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ])('such as %s is answered and the server lives', async (_, text, status) => {
    const server = await startServer(fine);
    const client = await server.connect();
    client.send(text);
    const answer = await client.answer();
    expect(answer).toMatchObject({ status, body: '' });
    expect(answer.headers.has('date')).toBe(true);
    const next = await server.connect();
    next.send(get);
    expect((await next.answer()).status).toBe(200);
  });

  it('behind an unanswered request is not answered, as the client would take it for that', async () => {
    const server = await startServer(() => new Promise(() => undefined));
    const client = await server.connect();
    client.send(get + 'garbage\r\n\r\n');
    await expect(client.answer()).rejects.toThrow('inside an answer');
  });

  it('inside a body is a 400, and the reader is told', async () => {
    const outcome = latch<unknown>();
    const server = await startServer(async ({ body }) => {
      try {
        for await (const _ of body);
      } catch (error) {
        outcome.open(error);
      }
      return { status: 200, headers: [] };
    });
    const client = await server.connect();
    client.send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n');
    expect((await client.answer()).status).toBe(400);
    expect(await outcome.promise).toMatchObject({ code: 'aborted' });
  });

  it('own header limit is a 431', async () => {
    const server = await startServer(fine, { maxHeaderBytes: 100 });
    const client = await server.connect();
    client.send(`GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(100)}\r\n\r\n` + get);
    expect((await client.answer()).status).toBe(431);
    expect((await client.answer()).status).toBe(200);
  });

  it.each([
    ['two hosts', 'GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n'],
    ['a target at another authority', 'GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a target at another port', 'GET http://h:81/ HTTP/1.1\r\nHost: h:82\r\n\r\n'],
    ['a target with user information', 'GET http://me@h/ HTTP/1.1\r\nHost: h\r\n\r\n'],
  ])('%s is a 400, and no handler sees it', async (_, text) => {
    let seen = 0;
    const server = await startServer(async () => {
      seen++;
      return { status: 200, headers: [] };
    });
    const client = await server.connect();
    client.send(text);
    expect((await client.answer()).status).toBe(400);
    expect(seen).toBe(0);
  });

  it.each([
    'GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n',
    'GET http://H:80/ HTTP/1.1\r\nHost: h\r\n\r\n',
    'GET https://h:443 HTTP/1.1\r\nHost: h\r\n\r\n',
    'GET http://h/ HTTP/1.0\r\n\r\n',
  ])('a target that names the same authority is none of that: %j', async (text) => {
    const server = await startServer(fine);
    const client = await server.connect();
    client.send(text);
    expect((await client.answer()).status).toBe(200);
  });

  it('of any kind never stops the server', async () => {
    const server = await startServer(fine);
    const token = fc.constantFrom(
      'GET ',
      '/',
      ' HTTP/1.1',
      '\r\n',
      '\r\n\r\n',
      'Host: h',
      'Content-Length: ',
      '5',
      ':',
      '\0',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(token, fc.string()), { maxLength: 20 }), async (parts) => {
        const client = await server.connect();
        client.send(parts.join(''));
        client.socket.end();
        await client.closed();
        client.socket.destroy();
      }),
      { numRuns: 100 },
    );
    const client = await server.connect();
    client.send(get);
    expect((await client.answer()).status).toBe(200);
  });
});

describe('header lines', () => {
  const head = (lines: number) => `GET / HTTP/1.1\r\nHost: h\r\n${'A: b\r\n'.repeat(lines)}X-Last: seen\r\n\r\n`;

  it('behind thousands of others are not dropped', async () => {
    const server = await startServer(async ({ headers }) => ({
      status: 200,
      headers: [['X-Seen', `${headers.get('X-Last') ?? ''} ${headers.getAll('A').length}`]],
    }));
    const client = await server.connect();
    client.send(head(2_500));
    expect((await client.answer()).headers.get('X-Seen')).toBe('seen 2500');
  });

  it('are refused when their bytes are too many, however short each is', async () => {
    const server = await startServer(fine, { maxHeaderBytes: 10_000 });
    const client = await server.connect();
    client.send(head(2_500));
    expect((await client.answer()).status).toBe(431);
  });
});

describe('createNodeListener', () => {
  it('serves without attach', async () => {
    const server = createServer(createNodeListener(async () => ({ status: 204, headers: [] })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = await RawClient.connect((server.address() as AddressInfo).port);
    client.send(get);
    expect((await client.answer()).status).toBe(204);
    client.socket.destroy();
    server.close();
  });
});
