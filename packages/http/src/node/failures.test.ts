import { afterEach, describe, expect, it } from 'vitest';
import type { ByteStream } from '@coffer/bytes';
import { RequestBodyError, type HttpHandler } from '../index.ts';
import { latch, startServer, stopServers } from '../test-support/test-server.ts';

afterEach(stopServers);

const get = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';

function streaming(stream: () => ByteStream, length: number): HttpHandler {
  return async () => ({ status: 200, headers: [], body: { stream: stream(), length } });
}

describe('a failing handler', () => {
  it.each([
    ['rejection', () => Promise.reject(new Error('secret detail'))],
    ['header that cannot be sent', async () => ({ status: 200, headers: [['X', 'a\nb'] as const] })],
    ['status that is not final', async () => ({ status: 101, headers: [] })],
    [
      'body that fails at once',
      streaming(async function* () {
        throw new Error('secret detail');
      }, 5),
    ],
    [
      'only piece followed by a failure',
      streaming(async function* () {
        yield new Uint8Array(5);
        throw new Error('secret detail');
      }, 5),
    ],
  ] as const)('with a %s is a 500 without details, and the connection lives', async (_, handler) => {
    const server = await startServer(handler);
    const client = await server.connect();
    client.send(get + get);
    for (const answer of [await client.answer(), await client.answer()]) {
      expect(answer).toMatchObject({ status: 500, body: '' });
      expect(answer.headers.pairs.flat().join()).not.toContain('secret');
    }
    expect(server.errors).toHaveLength(2);
  });
});

describe('a body stream that fails after the head was sent', () => {
  const piece = new Uint8Array(1000);
  it.each([
    [
      'throws',
      async function* () {
        yield piece;
        throw new Error('disk');
      },
    ],
    [
      'throws at its very end',
      async function* () {
        yield piece;
        yield piece;
        throw new Error('digest');
      },
    ],
    [
      'is too short',
      async function* () {
        yield piece;
        yield new Uint8Array(999);
      },
    ],
    [
      'is too long',
      async function* () {
        yield piece;
        yield new Uint8Array(1001);
      },
    ],
    [
      'is too long by another piece',
      async function* () {
        yield piece;
        yield piece;
        yield new Uint8Array(1);
      },
    ],
  ])('because it %s is a broken transfer', async (_, stream) => {
    const server = await startServer(streaming(stream, 2000));
    const client = await server.connect();
    client.send(get);
    await expect(client.answer()).rejects.toThrow('inside an answer');
    expect(client.received.length).toBeLessThan(2000);
    expect(server.errors).toHaveLength(1);
  });
});

describe('a client that goes away', () => {
  it('during an upload ends the body with an error and aborts the signal', async () => {
    const outcome = latch<unknown>();
    const server = await startServer(async ({ body, signal }) => {
      try {
        for await (const _ of body);
      } catch (error) {
        outcome.open([error, signal.aborted]);
      }
      return { status: 200, headers: [] };
    });
    const client = await server.connect();
    client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello');
    client.socket.destroy();
    expect(await outcome.promise).toMatchObject([{ code: 'aborted' }, true]);
    expect(server.errors).toEqual([]);
  });

  it('in half, inside a body, is answered with 400', async () => {
    const server = await startServer(async ({ body }) => {
      for await (const _ of body);
      return { status: 200, headers: [] };
    });
    const client = await server.connect();
    client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello');
    client.socket.end();
    expect((await client.answer()).status).toBe(400);
    await client.closed();
    expect(server.errors).toEqual([]);
  });

  it('during a download ends the stream, even one that waits', async () => {
    const started = latch();
    const ended = latch<string>();
    const stream: ByteStream = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          started.open();
          return new Promise(() => undefined);
        },
        return: () => {
          ended.open('returned');
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const server = await startServer(streaming(() => stream, 10));
    const client = await server.connect();
    client.send(get);
    await started.promise;
    client.socket.destroy();
    expect(await ended.promise).toBe('returned');
  });

  it("while a piece waits for it to read runs the producer's finally and aborts the signal", async () => {
    const ended = latch<boolean>();
    const pulled = latch();
    const server = await startServer(async ({ signal }) => ({
      status: 200,
      headers: [],
      body: {
        length: 2 ** 40,
        stream: (async function* () {
          try {
            for (let i = 0; ; i++) {
              if (i === 10) pulled.open();
              yield new Uint8Array(2 ** 16);
            }
          } finally {
            ended.open(signal.aborted);
          }
        })(),
      },
    }));
    const client = await server.connect();
    client.socket.pause();
    client.send(get);
    await pulled.promise;
    client.socket.destroy();
    expect(await ended.promise).toBe(true);
    expect(server.errors).toEqual([]);
  });

  it('before the handler is ready never starts the body, but ends it', async () => {
    const ended = latch();
    const server = await startServer(async ({ signal }) => {
      client.socket.destroy();
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      const stream: ByteStream = {
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(new Error('pulled')),
          return: () => {
            ended.open();
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
      return { status: 200, headers: [], body: { stream, length: 1 } };
    });
    const client = await server.connect();
    client.send(get);
    await ended.promise;
    expect(server.errors).toEqual([]);
  });

  it('with pipelined requests aborts the one under way, and begins none of the others', async () => {
    const signals: AbortSignal[] = [];
    const begun = latch();
    const aborted = latch();
    const server = await startServer(async ({ signal }) => {
      signals.push(signal);
      signal.addEventListener('abort', () => {
        aborted.open();
      });
      begun.open();
      return new Promise(() => undefined);
    });
    const client = await server.connect();
    client.send(get + get + get);
    await begun.promise;
    client.socket.destroy();
    await aborted.promise;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(signals.map(({ reason }) => reason instanceof RequestBodyError)).toEqual([true]);
    expect(server.errors).toEqual([]);
  });
});
