import { PieceRest, canFill, type ByteStream, type FillingIterator } from '@coffer/bytes';

type Piece = IteratorResult<Uint8Array, void>;

/**
 * Reads the first piece of a stream and resolves to the same stream. If that piece is all of its `length` bytes, this
 * also waits until the stream has ended without an error. So damage at the beginning of a file fails here, while the
 * answer can still be an error.
 *
 * @throws what the stream throws.
 */
export async function beginReading(stream: ByteStream, length: number): Promise<ByteStream> {
  const source = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, void>;
  const begun: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const next = await source.next();
    // Whoever asks for more gets the end again.
    if (next.done === true) break;
    begun.push(next.value);
    bytes += next.value.length;
    if (bytes > 0 && bytes < length) break;
  }
  const reading = canFill(source) ? new FilledBegunReading(begun, source) : new BegunReading(begun, source);
  return { [Symbol.asyncIterator]: () => reading };
}

class BegunReading<Source extends AsyncIterator<Uint8Array, void>> implements AsyncIterator<Uint8Array, void> {
  protected readonly begun: Uint8Array[];
  protected readonly source: Source;
  protected readonly rest: PieceRest = new PieceRest();

  constructor(begun: Uint8Array[], source: Source) {
    this.begun = begun;
    this.source = source;
  }

  next(): Promise<Piece> {
    const value = this.rest.take() ?? this.begun.shift();
    return value === undefined ? this.source.next() : Promise.resolve({ done: false, value });
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    this.begun.length = 0;
    this.rest.drop();
    await this.source.return?.();
    return { done: true, value: undefined };
  }
}

class FilledBegunReading extends BegunReading<FillingIterator> implements FillingIterator {
  async fill(target: Uint8Array): Promise<number> {
    while (this.rest.isEmpty) {
      const begun = this.begun.shift();
      if (begun === undefined) return this.source.fill(target);
      this.rest.keep(begun);
    }
    return this.rest.moveTo(target);
  }
}
