import type { ByteStream } from './byte-stream.ts';
import { canFill, type FillingIterator } from './filling.ts';

type Piece = IteratorResult<Uint8Array, void>;

/** How a stream ended: at its end, with an error, or because its consumer left it. */
export interface StreamEnd {
  /** Whether it came to its own end. */
  readonly complete: boolean;
  /** What it threw, if it did. */
  readonly error?: unknown;
}

/** Who looks at a stream in passing. */
export interface StreamFollower {
  /**
   * Is given all bytes before the consumer gets them, which has to wait for the promise, if one is returned. What it
   * throws, or rejects with, the stream throws, and ends.
   */
  readonly onBytes?: (bytes: Uint8Array) => Promise<void> | undefined;
  /** The error to throw in the place of one that the stream, or `onBytes`, has thrown. */
  readonly mapError?: (error: unknown) => unknown;
  /** Called once, when the stream ends, fails or is left: also where nobody has ever pulled from it. */
  readonly onEnd?: (end: StreamEnd) => void;
}

/** The stream with somebody who looks at it in passing. Its iterator fills memory if that of the stream does. */
export function followStream(stream: ByteStream, follower: StreamFollower): ByteStream {
  return {
    [Symbol.asyncIterator]: () => {
      const source = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, void>;
      return canFill(source) ? new FilledFollowed(source, follower) : new Followed(source, follower);
    },
  };
}

class Followed<Source extends AsyncIterator<Uint8Array, void>> implements AsyncIterator<Uint8Array, void> {
  protected readonly source: Source;
  protected readonly follower: StreamFollower;
  #ended = false;
  #left = false;

  constructor(source: Source, follower: StreamFollower) {
    this.source = source;
    this.follower = follower;
  }

  async next(): Promise<Piece> {
    try {
      const piece = await this.source.next();
      if (piece.done === true) this.ended();
      else await this.follower.onBytes?.(piece.value);
      return piece;
    } catch (error) {
      throw await this.failed(error);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    // What is still being waited for comes to nothing then, which is not the stream's end.
    this.#left = true;
    try {
      await this.source.return?.();
      return { done: true, value: undefined };
    } finally {
      this.end({ complete: false });
    }
  }

  protected async failed(thrown: unknown): Promise<unknown> {
    // Where the follower has thrown, the source is still there.
    await this.source.return?.().catch(() => undefined);
    const error = await this.#mapped(thrown);
    this.end({ complete: false, error });
    return error;
  }

  async #mapped(thrown: unknown): Promise<unknown> {
    try {
      const { mapError } = this.follower;
      return mapError === undefined ? thrown : await mapError(thrown);
    } catch (error) {
      return error;
    }
  }

  /** The source has nothing more. */
  protected ended(): void {
    if (!this.#left) this.end({ complete: true });
  }

  protected end(how: StreamEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.follower.onEnd?.(how);
  }
}

class FilledFollowed extends Followed<FillingIterator> implements FillingIterator {
  async fill(target: Uint8Array): Promise<number> {
    try {
      const count = await this.source.fill(target);
      if (count > 0) await this.follower.onBytes?.(target.subarray(0, count));
      else if (target.length > 0) this.ended();
      return count;
    } catch (error) {
      throw await this.failed(error);
    }
  }
}
