import { afterEach, describe, expect, it } from 'vitest';
import { latch, startServer, stopServers } from '../test-support/test-server.ts';

afterEach(stopServers);

describe('backpressure', () => {
  it('keeps the producer from running far ahead of a client that does not read', async () => {
    const size = 2 ** 16;
    let produced = 0;
    async function* endless() {
      for (;;) {
        produced += size;
        yield new Uint8Array(size);
      }
    }
    const server = await startServer(async () => ({
      status: 200,
      headers: [],
      body: { stream: endless(), length: 2 ** 40 },
    }));
    const client = await server.connect();
    client.socket.pause();
    client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    let before = -1;
    // The kernel's buffers take what they take; then nothing more may be produced.
    while (before !== produced || produced === 0) {
      before = produced;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { bytesWritten, writableLength } = server.sockets[0]!;
    // The buffer, the piece that filled it and the one that is held back as perhaps the last.
    expect(produced - (bytesWritten - writableLength)).toBeLessThanOrEqual(2 ** 18 + 2 * size);
    client.socket.destroy();
  });

  it('keeps a sender from running far ahead of a handler that does not read on', async () => {
    const first = latch();
    const server = await startServer(async ({ body }) => {
      for await (const _ of body) {
        first.open();
        await new Promise(() => undefined);
      }
      return { status: 200, headers: [] };
    });
    const client = await server.connect();
    client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${2 ** 28}\r\n\r\n`);
    client.socket.write(new Uint8Array(2 ** 26));
    await first.promise;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.sockets[0]!.bytesRead).toBeLessThanOrEqual(5 * 2 ** 16);
    client.socket.destroy();
  });
});

describe('a client that stops reading', () => {
  const get = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';

  it('is cut off, and what it was sent is given up', async () => {
    const released = latch();
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(2 ** 16);
      } finally {
        released.open();
      }
    }
    const handler = async () => ({ status: 200, headers: [], body: { stream: endless(), length: 2 ** 40 } });
    const server = await startServer(handler, { answerTimeoutMs: 100 });
    const client = await server.connect();
    client.socket.pause();
    client.send(get);
    await released.promise;
    expect(server.sockets[0]!.destroyed).toBe(true);
  });

  it('is cut off from an answer that was in memory already', async () => {
    const handler = async () => ({ status: 200, headers: [], body: new Uint8Array(2 ** 25) });
    const server = await startServer(handler, { answerTimeoutMs: 100 });
    const client = await server.connect();
    client.socket.pause();
    client.send(get);
    await expect.poll(() => server.sockets[0]?.destroyed).toBe(true);
    client.socket.resume();
    await client.closed();
    expect(client.received.length).toBeLessThan(2 ** 25);
  });

  it('is not one that waits for a slow producer', async () => {
    async function* slow() {
      yield new Uint8Array(1);
      await new Promise((resolve) => setTimeout(resolve, 200));
      yield new Uint8Array(1);
    }
    const handler = async () => ({ status: 200, headers: [], body: { stream: slow(), length: 2 } });
    const server = await startServer(handler, { answerTimeoutMs: 20 });
    const client = await server.connect();
    client.send(get + get);
    expect((await client.answer()).body).toHaveLength(2);
    expect((await client.answer()).body).toHaveLength(2);
  });
});
