import { concatBytes, streamOf, type ByteStream } from '@coffer/bytes';
import { asBodyFailure, tooLong, type Plaintext } from './plaintext.ts';

/**
 * As many pieces are put together. A client that sends single bytes must not make tens of thousands of pieces that are
 * handed on in one turn of the event loop.
 */
const piecesTogether = 256;

/**
 * Reads data of unknown length until it has ended or exceeds `limit` bytes, so that the length of small data is known.
 * What was read comes again in the stream of the result, of which nothing was read then.
 *
 * @throws StorageError `body_too_large`, `body_incomplete`; whatever the stream or the signal rejects with. Then the
 *   stream has ended.
 */
export async function readAhead(plaintext: Plaintext, limit: number): Promise<Plaintext> {
  const { length, maximum, signal } = plaintext;
  if (length !== undefined) return plaintext;
  const iterator = plaintext.stream[Symbol.asyncIterator]();
  const read = new FewPieces();
  let seen = 0;
  while (seen <= limit) {
    if (signal?.aborted === true) await iterator.return?.();
    signal?.throwIfAborted();
    const piece = await nextOf(iterator, plaintext);
    if (piece === undefined) return { ...plaintext, stream: streamOf(...read.end()), length: seen, maximum: seen };
    seen += piece.length;
    if (seen > maximum) {
      await iterator.return?.();
      throw tooLong(plaintext);
    }
    read.add(piece);
  }
  return { ...plaintext, stream: continued(read.end(), iterator) };
}

/** Data in not many more pieces than it has to be in. */
class FewPieces {
  readonly #joined: Uint8Array[] = [];
  #last: Uint8Array[] = [];

  add(piece: Uint8Array): void {
    if (this.#last.push(piece) < piecesTogether) return;
    this.#joined.push(concatBytes(this.#last));
    this.#last = [];
  }

  end(): Uint8Array[] {
    return [...this.#joined, ...this.#last];
  }
}

async function nextOf(iterator: AsyncIterator<Uint8Array>, plaintext: Plaintext): Promise<Uint8Array | undefined> {
  try {
    const next = await iterator.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    throw asBodyFailure(error, plaintext);
  }
}

/** The pieces, and then what the iterator still gives. */
function continued(pieces: Uint8Array[], iterator: AsyncIterator<Uint8Array>): ByteStream {
  const all: AsyncIterator<Uint8Array> = {
    next: async () => {
      const value = pieces.shift();
      return value === undefined ? iterator.next() : { done: false, value };
    },
    return: async () => {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => all };
}
