import type { ByteStream } from '@coffer/bytes';

/**
 * Reads the first piece of a stream and resolves to the same stream. If that piece is all of its `length` bytes, this
 * also waits until the stream has ended without an error. So damage at the beginning of a file fails here, while the
 * answer can still be an error.
 *
 * @throws what the stream throws.
 */
export async function beginReading(stream: ByteStream, length: number): Promise<ByteStream> {
  const source = stream[Symbol.asyncIterator]();
  const begun: IteratorResult<Uint8Array>[] = [];
  let bytes = 0;
  for (;;) {
    const next = await source.next();
    begun.push(next);
    if (next.done === true) break;
    bytes += next.value.length;
    if (bytes > 0 && bytes < length) break;
  }
  return { [Symbol.asyncIterator]: () => new BegunReading(begun, source) };
}

class BegunReading implements AsyncIterator<Uint8Array> {
  readonly #begun: IteratorResult<Uint8Array>[];
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(begun: IteratorResult<Uint8Array>[], source: AsyncIterator<Uint8Array>) {
    this.#begun = begun;
    this.#source = source;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const begun = this.#begun.shift();
    return begun === undefined ? this.#source.next() : Promise.resolve(begun);
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#begun.length = 0;
    return (await this.#source.return?.()) ?? { done: true, value: undefined };
  }
}
