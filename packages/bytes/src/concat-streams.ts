import type { ByteStream } from './byte-stream.ts';
import { canFill, type FillingIterator } from './filling.ts';
import { PieceRest } from './piece-rest.ts';

type Pieces = AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
type Piece = IteratorResult<Uint8Array, void>;

/** Bytes that are read once: a stream, or pieces that are there already. */
export type StreamPart = ByteStream | Iterable<Uint8Array>;

const done: Piece = { done: true, value: undefined };

/**
 * The streams' bytes one after the other; a later stream is not started before the earlier ones ended. Fills its
 * consumer's memory (`FillingIterator`), straight from those streams that can.
 */
export function concatStreams(streams: Iterable<StreamPart> | AsyncIterable<StreamPart>): ByteStream {
  return { [Symbol.asyncIterator]: () => new ConcatReading(streams) };
}

class ConcatReading implements FillingIterator {
  readonly #streams: Iterable<StreamPart> | AsyncIterable<StreamPart>;
  #remaining: AsyncIterator<StreamPart> | Iterator<StreamPart> | undefined;
  #current: Pieces | undefined;
  readonly #rest = new PieceRest();
  #over = false;

  constructor(streams: Iterable<StreamPart> | AsyncIterable<StreamPart>) {
    this.#streams = streams;
  }

  async next(): Promise<Piece> {
    const rest = this.#rest.take();
    if (rest !== undefined) return { done: false, value: rest };
    try {
      for (let pieces = await this.#pieces(); pieces !== undefined; pieces = await this.#pieces()) {
        const next = await pieces.next();
        if (next.done !== true) return { done: false, value: next.value };
        this.#current = undefined;
      }
    } catch (error) {
      throw await this.#failed(error);
    }
    return done;
  }

  async fill(target: Uint8Array): Promise<number> {
    if (target.length === 0) return 0;
    try {
      while (this.#rest.isEmpty) {
        const pieces = await this.#pieces();
        if (pieces === undefined) return 0;
        if (canFill(pieces as AsyncIterator<Uint8Array>)) {
          const count = await (pieces as FillingIterator).fill(target);
          if (count > 0) return count;
          this.#current = undefined;
        } else await this.#keepPiece(pieces);
      }
    } catch (error) {
      throw await this.#failed(error);
    }
    return this.#rest.moveTo(target);
  }

  async return(): Promise<Piece> {
    const [current, remaining] = [this.#current, this.#remaining];
    this.#over = true;
    this.#rest.drop();
    this.#current = undefined;
    this.#remaining = undefined;
    try {
      await current?.return?.();
    } finally {
      await remaining?.return?.();
    }
    return done;
  }

  /** Those of the stream at hand, or of the next one; undefined where there is none. */
  async #pieces(): Promise<Pieces | undefined> {
    if (this.#over || this.#current !== undefined) return this.#current;
    this.#remaining ??= iteratorOf(this.#streams);
    const next = await this.#remaining.next();
    if (next.done === true) {
      this.#over = true;
      this.#remaining = undefined;
      return undefined;
    }
    const pieces: Pieces = iteratorOf(next.value);
    // It was left while the next stream was made.
    if (this.#isOver()) await pieces.return?.();
    else this.#current = pieces;
    return this.#current;
  }

  async #keepPiece(pieces: Pieces): Promise<void> {
    const next = await pieces.next();
    if (next.done === true) this.#current = undefined;
    else if (!this.#over) this.#rest.keep(next.value);
  }

  /** Ends everything; the failure to report is the one that came first. */
  async #failed(error: unknown): Promise<unknown> {
    // A stream that has failed has ended.
    this.#current = undefined;
    await this.return().catch(() => undefined);
    return error;
  }

  #isOver(): boolean {
    return this.#over;
  }
}

function iteratorOf<T>(values: Iterable<T> | AsyncIterable<T>): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]();
}
