import type { ByteStream } from '@coffer/bytes';

/** How the body of an answer ended. */
export interface AnswerEnd {
  /** Bytes handed on. */
  readonly bytes: number;
  /** Whether the stream came to its own end. */
  readonly complete: boolean;
  /** What the stream threw, if it did. */
  readonly error?: unknown;
}

/**
 * The stream, to be iterated once, with `onEnd` called exactly once when it ends, fails or is given up: also where
 * nobody ever pulled from it, when a generator's own `finally` would not run.
 */
export function trackAnswer(stream: ByteStream, onEnd: (end: AnswerEnd) => void): ByteStream {
  return { [Symbol.asyncIterator]: () => new TrackedAnswer(stream[Symbol.asyncIterator](), onEnd) };
}

class TrackedAnswer implements AsyncIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #onEnd: (end: AnswerEnd) => void;
  #bytes = 0;
  #ended = false;

  constructor(source: AsyncIterator<Uint8Array>, onEnd: (end: AnswerEnd) => void) {
    this.#source = source;
    this.#onEnd = onEnd;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      const piece = await this.#source.next();
      if (piece.done === true) this.#end({ complete: true });
      else this.#bytes += piece.value.length;
      return piece;
    } catch (error) {
      this.#end({ complete: false, error });
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    try {
      return (await this.#source.return?.()) ?? { done: true, value: undefined };
    } finally {
      this.#end({ complete: false });
    }
  }

  #end(how: Omit<AnswerEnd, 'bytes'>): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd({ bytes: this.#bytes, ...how });
  }
}
