import { pieceBuffers, type FillingIterator } from '@coffer/bytes';
import type { Exchange } from './exchange.ts';

/**
 * Sends a body from two buffers of the pool: one is filled while the system takes what is in the other. `begin` is
 * called before the first byte is sent, so that a body which fails at once can still be answered as an error. Resolves
 * to the bytes that complete the length, which wait for the stream's good end, so that the client does not take a body
 * which fails at its very end for a complete one; to undefined where the client is gone. The bytes are lent until the
 * answer has been sent or the connection has closed.
 *
 * @throws what the body throws; RangeError for a body of another length.
 */
export async function sendFilled(
  exchange: Exchange,
  iterator: FillingIterator,
  length: number,
  begin: () => void,
): Promise<Uint8Array | undefined> {
  const sending: [LentBuffer, LentBuffer] = [new LentBuffer(exchange), new LentBuffer(exchange)];
  let sent = 0;
  try {
    for (let turn: 0 | 1 = 0; ; turn = turn === 0 ? 1 : 0) {
      const buffer = sending[turn];
      await buffer.taken;
      const count = exchange.gone ? 0 : await iterator.fill(buffer.bytes);
      if (exchange.gone) return undefined;
      if (count === 0) throw new RangeError(`The answer's body ended after ${sent} of ${length} bytes`);
      sent += count;
      if (sent < length) {
        begin();
        buffer.send(count);
        continue;
      }
      if (sent > length || (await iterator.fill(new Uint8Array(1))) > 0)
        throw new RangeError(`The answer's body has more than its ${length} bytes`);
      return buffer.lendLast(count);
    }
  } finally {
    for (const buffer of sending) buffer.release();
  }
}

/** A buffer of the pool that a connection takes bytes from. */
class LentBuffer {
  readonly bytes: Uint8Array = pieceBuffers.take();
  readonly #exchange: Exchange;
  /** Resolves when the system has taken what was sent last, or never will. */
  taken: Promise<void> = Promise.resolve();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  send(count: number): void {
    const { res } = this.#exchange;
    this.taken = this.#exchange.settled((settle) => void res.write(this.bytes.subarray(0, count), settle));
  }

  /** The last bytes, which somebody else sends with the end of the answer. */
  lendLast(count: number): Uint8Array {
    const { res } = this.#exchange;
    this.taken = this.#exchange.settled((settle) => void res.once('close', settle));
    return this.bytes.subarray(0, count);
  }

  /** Gives the buffer back as soon as nobody reads from it any more. */
  release(): void {
    void this.taken.then(() => {
      pieceBuffers.give(this.bytes);
    });
  }
}
