import type { ByteStream } from '@coffer/bytes';

type Run = IteratorResult<Uint8Array, void>;

/** What becomes of a stream's pieces. Everything here is done at once; {@link ChunkStream} does the waiting. */
export interface ChunkWork {
  /** Where the pieces come from. */
  readonly source: ByteStream;
  /** The runs that a piece completes. The piece may be looked at until the last of them was taken. */
  push(piece: Uint8Array): Iterable<Uint8Array>;
  /** What is left after the last piece. */
  end(): Iterable<Uint8Array>;
  /** Lets go of keys. Idempotent. */
  discard(): void;
}

const done: Run = { done: true, value: undefined };

/**
 * The runs of some work, one chunk at a time and each as soon as it is there. `begin` is called when the stream is
 * first pulled.
 *
 * This is an iterator by hand because several runs come from one piece: an async generator would go round the microtask
 * queue three times for each of them, and putting them together first would copy every byte; both cost a fifth of the
 * cipher's time.
 */
export class ChunkStream implements AsyncIterableIterator<Uint8Array, void> {
  readonly #begin: () => ChunkWork | Promise<ChunkWork>;
  #work: ChunkWork | undefined;
  #pieces: AsyncIterator<Uint8Array> | undefined;
  #runs: Iterator<Uint8Array> | undefined;
  #sourceEnded = false;
  #over = false;

  constructor(begin: () => ChunkWork | Promise<ChunkWork>) {
    this.#begin = begin;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Run> {
    if (this.#over) return done;
    try {
      if (this.#work === undefined) await this.#start();
      for (;;) {
        const run = this.#nextRun();
        if (run !== undefined) return { done: false, value: run };
        if (this.#sourceEnded) break;
        await this.#pull();
      }
    } catch (error) {
      // The failure to report is the one that came first.
      await this.return().catch(() => undefined);
      throw error;
    }
    return this.return();
  }

  /** Ends the stream, also while a piece is being waited for: nothing is released from then on. */
  async return(): Promise<Run> {
    const pieces = this.#pieces;
    this.#over = true;
    this.#pieces = undefined;
    this.#runs = undefined;
    this.#work?.discard();
    if (!this.#sourceEnded) await pieces?.return?.();
    return done;
  }

  async #start(): Promise<void> {
    this.#work = await this.#begin();
    this.#pieces = this.#work.source[Symbol.asyncIterator]();
    // It was left meanwhile, when there was nothing to end yet.
    if (this.#over) await this.return();
  }

  #nextRun(): Uint8Array | undefined {
    const run = this.#runs?.next();
    if (run?.done === false) return run.value;
    this.#runs = undefined;
    return undefined;
  }

  async #pull(): Promise<void> {
    const piece = await this.#pieces?.next();
    if (this.#over || this.#work === undefined) {
      this.#sourceEnded = true;
    } else if (piece === undefined || piece.done === true) {
      this.#sourceEnded = true;
      this.#runs = this.#work.end()[Symbol.iterator]();
    } else {
      this.#runs = this.#work.push(piece.value)[Symbol.iterator]();
    }
  }
}
