import { fc, it as property } from '@fast-check/vitest';
import { afterEach, describe, expect, it } from 'vitest';
import { concatStreams, pieceBuffers, type ByteStream, type FillingIterator } from '@coffer/bytes';
import type { HttpHandler } from '../index.ts';
import { latch, startServer, stopServers } from '../test-support/test-server.ts';

const get = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';
/** Above what is sent piece by piece. */
const long = 70_000;

afterEach(async () => {
  await stopServers();
  // A buffer that is still lent could be sent to two clients once it is used again.
  await expect.poll(() => pieceBuffers.inUse).toBe(0);
});

/** An answer whose body fills buffers. */
function filling(pieces: () => ByteStream, length: number): HttpHandler {
  return async () => ({ status: 200, headers: [], body: { stream: concatStreams([pieces()]), length } });
}

async function* ofLengths(lengths: readonly number[]): ByteStream & AsyncGenerator<Uint8Array, void> {
  for (const [i, length] of lengths.entries()) {
    await Promise.resolve();
    yield new Uint8Array(length).fill(0x61 + (i % 26));
  }
}

const textOf = (lengths: readonly number[]) =>
  lengths.map((length, i) => String.fromCharCode(0x61 + (i % 26)).repeat(length)).join('');

describe('a body that fills buffers', () => {
  property.prop([fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 6 })], { numRuns: 25 })(
    'arrives byte for byte, whatever its pieces, and again on the same connection',
    async (lengths) => {
      const length = lengths.reduce((sum, one) => sum + one, 0);
      const server = await startServer(filling(() => ofLengths(lengths), length));
      const client = await server.connect();
      client.send(get + get);
      const expected = textOf(lengths);
      for (const answer of [await client.answer(), await client.answer()]) expect(answer.body === expected).toBe(true);
      client.socket.destroy();
    },
  );

  it('that fails at once is a 500, and the connection lives', async () => {
    const server = await startServer(
      filling(async function* () {
        throw new Error('secret detail');
      }, long),
    );
    const client = await server.connect();
    client.send(get + get);
    expect((await client.answer()).status).toBe(500);
    expect((await client.answer()).status).toBe(500);
  });

  it.each([
    ['fails later', 600_000, [400_000, -1]],
    ['fails at its very end', 400_000, [400_000, -1]],
    ['is too short', 600_000, [400_000]],
    ['is too long', 600_000, [400_000, 300_000]],
  ] as const)('that %s breaks the connection before the answer is complete', async (_, length, lengths) => {
    const server = await startServer(
      filling(async function* () {
        for (const one of lengths) {
          if (one < 0) throw new Error('disk');
          yield new Uint8Array(one);
        }
      }, length),
    );
    const client = await server.connect();
    client.send(get);
    await client.closed();
    const end = client.received.indexOf('\r\n\r\n');
    expect(client.received.length - end - 4).toBeLessThan(length);
    expect(server.errors).toHaveLength(1);
  });

  it('is ended, and its buffers come back, when its client goes away', async () => {
    const released = latch();
    const server = await startServer(
      filling(async function* () {
        try {
          for (;;) yield new Uint8Array(2 ** 16);
        } finally {
          released.open();
        }
      }, 2 ** 40),
    );
    const client = await server.connect();
    client.socket.pause();
    client.send(get);
    await expect.poll(() => pieceBuffers.inUse).toBe(2);
    client.socket.destroy();
    await released.promise;
  });

  it('has two buffers, however many requests wait behind it, and gives them back when the connection closes', async () => {
    let begun = 0;
    const handler = filling(() => ofLengths(Array<number>(256).fill(2 ** 16)), 2 ** 24);
    const server = await startServer((request) => {
      begun++;
      return handler(request);
    });
    const client = await server.connect();
    client.socket.pause();
    client.send(get.repeat(1_000));
    let before = -1;
    // The kernel's buffers take what they take; then nothing moves any more.
    while (before !== server.sockets[0]?.bytesWritten || before === 0) {
      before = server.sockets[0]?.bytesWritten ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(pieceBuffers.inUse).toBe(2);
    expect(begun).toBe(1);
    client.socket.destroy();
  });

  it('gives its buffers back when the connection closes between its last two pieces', async () => {
    const [most, rest] = [100_000, 50_000];
    let destroy: () => void = () => undefined;
    const server = await startServer(async () => {
      const counts = [most, most, rest];
      const iterator: FillingIterator = {
        fill: async (target) => {
          const count = counts.shift() ?? 0;
          // In the turn in which the last two pieces are written, when nobody has been told of the close yet.
          if (counts.length === 1) await new Promise((resolve) => setTimeout(resolve, 20));
          if (counts.length === 1) destroy();
          target.fill(1, 0, Math.min(count, target.length));
          return count;
        },
        next: () => Promise.reject(new Error('Only fills')),
        return: () => Promise.resolve({ done: true, value: undefined }),
      };
      return {
        status: 200,
        headers: [],
        body: { stream: { [Symbol.asyncIterator]: () => iterator }, length: 250_000 },
      };
    });
    const client = await server.connect();
    destroy = () => void server.sockets[0]?.destroy();
    client.send(get);
    await client.closed();
  });

  it('does not run far ahead of a client that does not read', async () => {
    let produced = 0;
    const server = await startServer(
      filling(async function* () {
        for (;;) {
          produced += 2 ** 16;
          yield new Uint8Array(2 ** 16);
        }
      }, 2 ** 40),
    );
    const client = await server.connect();
    client.socket.pause();
    client.send(get);
    let before = -1;
    while (before !== produced || produced === 0) {
      before = produced;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { bytesWritten, writableLength } = server.sockets[0]!;
    // The two buffers, and the piece that did not fit.
    expect(produced - (bytesWritten - writableLength)).toBeLessThanOrEqual(2 * 264 * 1024 + 2 ** 16);
    client.socket.destroy();
  });
});
