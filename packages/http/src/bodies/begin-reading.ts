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
  const begun: Piece[] = [];
  let bytes = 0;
  for (;;) {
    const next = await source.next();
    begun.push(next);
    if (next.done === true) break;
    bytes += next.value.length;
    if (bytes > 0 && bytes < length) break;
  }
  const reading = canFill(source) ? new FilledBegunReading(begun, source) : new BegunReading(begun, source);
  return { [Symbol.asyncIterator]: () => reading };
}

class BegunReading<Source extends AsyncIterator<Uint8Array, void>> implements AsyncIterator<Uint8Array, void> {
  protected readonly begun: Piece[];
  protected readonly source: Source;

  constructor(begun: Piece[], source: Source) {
    this.begun = begun;
    this.source = source;
  }

  next(): Promise<Piece> {
    const begun = this.begun.shift();
    return begun === undefined ? this.source.next() : Promise.resolve(begun);
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    this.begun.length = 0;
    await this.source.return?.();
    return { done: true, value: undefined };
  }
}

class FilledBegunReading extends BegunReading<FillingIterator> implements FillingIterator {
  readonly #rest = new PieceRest();

  override async next(): Promise<Piece> {
    const value = this.#rest.take();
    return value === undefined ? super.next() : { done: false, value };
  }

  async fill(target: Uint8Array): Promise<number> {
    while (this.#rest.isEmpty) {
      const begun = this.begun.shift();
      if (begun === undefined) return this.source.fill(target);
      if (begun.done === true) return 0;
      this.#rest.keep(begun.value);
    }
    return this.#rest.moveTo(target);
  }

  override async return(): Promise<IteratorResult<Uint8Array, void>> {
    this.#rest.drop();
    return super.return();
  }
}
