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
