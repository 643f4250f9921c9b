import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { streamOf } from '@coffer/bytes';
import type { HttpHandler } from '../index.ts';
import type { RawClient } from '../test-support/raw-client.ts';
import { latch, startServer, stopServers } from '../test-support/test-server.ts';

afterEach(stopServers);

const get = (target = '/') => `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`;
const put = (target: string, length: number, more = '') =>
  `PUT ${target} HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n${more}\r\n`;
const text = (value: string) => new TextEncoder().encode(value);

/** Answers with the target and the length of the body; `/slow` only once `open` was called. */
function waitingHandler() {
  const { promise, open } = latch();
  const begun: string[] = [];
  const handler: HttpHandler = async ({ target, body }) => {
    begun.push(target);
    if (target === '/slow') await promise;
    let length = 0;
    for await (const piece of body) length += piece.length;
    return { status: 200, headers: [], body: text(`${target} ${length}`) };
  };
  return { handler, begun, open };
}

/** Waits until a number stays the same. */
async function settled(value: () => number): Promise<number> {
  for (let before = -1; ; before = value()) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    if (value() === before) return before;
  }
}

describe('pipelined requests', () => {
  it('begin when the answer before them is finished', async () => {
    const { handler, begun, open } = waitingHandler();
    const server = await startServer(handler);
    const client = await server.connect();
    client.send(get('/slow') + get('/1') + get('/2'));
    await expect.poll(() => begun).toEqual(['/slow']);
    await settled(() => begun.length);
    expect(begun).toEqual(['/slow']);
    open();
    for (const target of ['/slow', '/1', '/2']) expect((await client.answer()).body).toBe(`${target} 0`);
    expect(begun).toEqual(['/slow', '/1', '/2']);
  });

  it('do not begin while a client reads nothing of the answer before them', async () => {
    const begun: string[] = [];
    const server = await startServer(async ({ target }) => {
      begun.push(target);
      return { status: 200, headers: [], body: new Uint8Array(2 ** 23) };
    });
    const client = await server.connect();
    client.socket.pause();
    client.send(get('/1') + get('/2'));
    await expect.poll(() => begun).toEqual(['/1']);
    await settled(() => server.sockets[0]!.bytesWritten - server.sockets[0]!.writableLength);
    expect(begun).toEqual(['/1']);
    client.socket.resume();
    for (let i = 0; i < 2; i++) expect((await client.answer()).body).toHaveLength(2 ** 23);
  });

  it('are not read from the connection while many wait, and are all answered in their order', async () => {
    const { handler, begun, open } = waitingHandler();
    const server = await startServer(handler);
    const client = await server.connect();
    const count = 10_000;
    const filler = `X-Filler: ${'x'.repeat(300)}`;
    const targets = Array.from({ length: count }, (_, i) => `/${i}`);
    client.send(
      get('/slow') + targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: h\r\n${filler}\r\n\r\n`).join(''),
    );
    await expect.poll(() => begun).toEqual(['/slow']);
    // Some reads of 64 KiB; the client has sent more than 3 MB.
    expect(await settled(() => server.sockets[0]!.bytesRead)).toBeLessThanOrEqual(4 * 2 ** 16);
    expect(begun).toEqual(['/slow']);
    open();
    for (const target of ['/slow', ...targets]) expect((await client.answer()).body).toBe(`${target} 0`);
    expect(server.sockets[0]!.bytesRead).toBeGreaterThan(3e6);
  });

  it('with bodies stream them, in whatever order they come', async () => {
    const { handler } = waitingHandler();
    const server = await startServer(handler);
    const client = await server.connect();
    const large = 'x'.repeat(2 ** 20);
    client.send(put('/1', 2 ** 20) + large + get('/2') + put('/3', 2 ** 20) + large + put('/4', 3) + 'abc' + get('/5'));
    for (const [target, length] of [
      ['/1', 2 ** 20],
      ['/2', 0],
      ['/3', 2 ** 20],
      ['/4', 3],
      ['/5', 0],
    ] as const)
      expect((await client.answer()).body).toBe(`${target} ${length}`);
  });

  it.each([
    ['one request', [get('/slow')]],
    ['a body that has arrived', [put('/slow', 20_000) + 'x'.repeat(20_000)]],
    ['many requests', [get('/slow'), ...Array.from({ length: 30 }, () => get('/'))]],
    [
      'many bodies',
      [put('/slow', 20_000) + 'x'.repeat(20_000), ...Array.from({ length: 30 }, () => put('/', 3) + 'abc')],
    ],
  ])('with a large body behind %s hold the sender back until their turn', async (_, before) => {
    const { handler, begun, open } = waitingHandler();
    // The time for the body runs from its turn only.
    const server = await startServer(handler, { bodyTimeoutMs: 2_000 });
    const client = await server.connect();
    client.send(before.join('') + put('/large', 2 ** 26));
    client.socket.write(new Uint8Array(2 ** 26));
    await expect.poll(() => begun).toEqual(['/slow']);
    expect(await settled(() => server.sockets[0]!.bytesRead)).toBeLessThanOrEqual(5 * 2 ** 16);
    open();
    for (const _each of before) expect((await client.answer()).status).toBe(200);
    expect((await client.answer()).body).toBe(`/large ${2 ** 26}`);
  });

  it('are asked for their content in their turn', async () => {
    const { handler, open } = waitingHandler();
    const server = await startServer(handler);
    const client = await server.connect();
    client.send(get('/slow') + put('/1', 5, 'Expect: 100-continue\r\n'));
    await settled(() => client.received.length);
    expect(client.received).toBe('');
    open();
    expect((await client.answer()).body).toBe('/slow 0');
    expect((await client.answer()).status).toBe(100);
    client.send('hello' + get('/2'));
    expect((await client.answer()).body).toBe('/1 5');
    expect((await client.answer()).body).toBe('/2 0');
  });

  it('that are refused, have no content or ask for another protocol are answered in their turn', async () => {
    const { handler, open } = waitingHandler();
    const server = await startServer(handler);
    const client = await server.connect();
    client.send(
      get('/slow') +
        'GET /two-hosts HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n' +
        'HEAD /head HTTP/1.1\r\nHost: h\r\n\r\n' +
        'GET /expecting HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\n\r\n' +
        'GET /upgraded HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    open();
    expect((await client.answer()).body).toBe('/slow 0');
    expect((await client.answer()).status).toBe(400);
    expect((await client.answer(false)).status).toBe(200);
    expect((await client.answer()).status).toBe(417);
    expect((await client.answer()).body).toBe('/upgraded 0');
    client.send(get('/last'));
    expect((await client.answer()).body).toBe('/last 0');
  });

  it('behind an answer that ends the connection never begin', async () => {
    const begun: string[] = [];
    const server = await startServer(async ({ target }) => {
      begun.push(target);
      return { status: 200, headers: [['Connection', 'close']], body: { stream: streamOf(text('bye')), length: 3 } };
    });
    const client = await server.connect();
    client.send(get('/1') + get('/2'));
    expect((await client.answer()).body).toBe('bye');
    await client.closed();
    await settled(() => begun.length);
    expect(begun).toEqual(['/1']);
  });

  it('behind one whose client leaves never begin, held connection or not', async () => {
    for (const count of [1, 5_000]) {
      const { handler, begun, open } = waitingHandler();
      const server = await startServer(handler);
      const client = await server.connect();
      client.send(get('/slow') + get('/1').repeat(count));
      await expect.poll(() => begun).toEqual(['/slow']);
      client.socket.resetAndDestroy();
      // A connection that is not read does not tell of its end before the next bytes are written to it.
      open();
      await expect.poll(() => server.sockets[0]!.destroyed).toBe(true);
      await settled(() => begun.length);
      expect(begun.length).toBeLessThanOrEqual(count === 1 ? 1 : 20);
      expect(server.errors).toEqual([]);
    }
  });

  it('are finished by a server that is closing', async () => {
    const { handler, begun, open } = waitingHandler();
    const server = await startServer(handler);
    const client = await server.connect();
    client.send(get('/slow') + get('/1'));
    await expect.poll(() => begun).toEqual(['/slow']);
    server.server.close();
    server.server.closeIdleConnections();
    open();
    expect((await client.answer()).body).toBe('/slow 0');
    expect((await client.answer()).body).toBe('/1 0');
    client.socket.destroy();
  });
});

describe('a head that is cut off where the connection is not read', () => {
  const lateHeads = { headersTimeout: 200, connectionsCheckingInterval: 50 };
  /** So many requests behind a slow one, and Node has found that a head it began is late. */
  const begin = async (bodyTimeoutMs: number, count: number, rest: string) => {
    const { handler, open } = waitingHandler();
    const server = await startServer(handler, { bodyTimeoutMs }, lateHeads);
    const late = new Promise((resolve) => server.server.once('clientError', resolve));
    const client = await server.connect();
    const padding = `X: ${'x'.repeat(300)}`;
    const more = Array.from({ length: count }, (_, index) => `GET /${index} HTTP/1.1\r\nHost: h\r\n${padding}\r\n\r\n`);
    client.send(get('/slow') + more.join('') + rest);
    await late;
    open();
    return client;
  };
  const answers = (client: RawClient) => client.received.match(/HTTP\/1.1 200/g)?.length;

  it('is not late', async () => {
    const client = await begin(60_000, 600, '');
    await expect.poll(() => answers(client)).toBe(601);
  });

  it('has to come on once the connection is read again', async () => {
    const client = await begin(100, 40, 'GET /cut HTTP/1.1');
    await once(client.socket, 'end');
    expect(answers(client)).toBe(41);
  });
});
