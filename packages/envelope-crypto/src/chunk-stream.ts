import { PieceRest, type FillingIterator } from '@coffer/bytes';

/** Output that is ready to be made. */
export interface ChunkRun {
  /** Bytes of output, at least one. */
  readonly length: number;
  /** Makes it, in `target` of that length; then the work goes on behind it. */
  into(target: Uint8Array): void;
}

/** Work on the chunks of a stream. `ChunkStream` makes a stream of it. */
export interface ChunkWork {
  /**
   * The next output, of `most` chunks at most; undefined when there is no more. The same again if it was not made.
   */
  next(most: number): Promise<ChunkRun | undefined>;
  /** Lets go of everything, also while output is waited for. Idempotent. */
  end(): Promise<void>;
}

type Piece = IteratorResult<Uint8Array, void>;

const done: Piece = { done: true, value: undefined };
/** Chunks of a piece in memory of its own. */
export const pieceChunks = 4;

/**
 * What some work makes, as a stream that begins nothing before it is pulled: in pieces of some chunks, or written into
 * the consumer's memory as far as whole chunks fit.
 */
export class ChunkStream implements AsyncIterable<Uint8Array>, FillingIterator {
  readonly #work: ChunkWork;
  /** Bytes of a chunk at least. */
  readonly #unit: number;
  readonly #rest = new PieceRest();
  #over = false;

  /** `unit`: bytes of output that a full chunk makes. */
  constructor(work: ChunkWork, unit: number) {
    this.#work = work;
    this.#unit = unit;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Piece> {
    const rest = this.#rest.take();
    if (rest !== undefined) return { done: false, value: rest };
    const run = await this.#run(pieceChunks);
    return run === undefined || this.#isOver() ? done : { done: false, value: await this.#made(run) };
  }

  async fill(target: Uint8Array): Promise<number> {
    let used = this.#rest.moveTo(target);
    while (used < target.length) {
      const room = target.subarray(used);
      const run = await this.#run(Math.max(1, Math.floor(room.length / this.#unit)));
      if (run === undefined || this.#isOver()) break;
      if (run.length <= room.length) {
        await this.#make(run, room.subarray(0, run.length));
        used += run.length;
      } else if (used > 0) break;
      else {
        this.#rest.keep(await this.#made(run));
        return this.#rest.moveTo(target);
      }
    }
    return used;
  }

  /** Ends the stream, also while output is being waited for: nothing is released from then on. */
  async return(): Promise<Piece> {
    this.#over = true;
    this.#rest.drop();
    await this.#work.end();
    return done;
  }

  async #run(most: number): Promise<ChunkRun | undefined> {
    if (this.#over) return undefined;
    const run = await this.#orEnd(() => this.#work.next(most));
    // It may have been left meanwhile.
    if (this.#isOver()) return undefined;
    if (run === undefined) await this.return();
    return run;
  }

  async #made(run: ChunkRun): Promise<Uint8Array> {
    const bytes = new Uint8Array(run.length);
    await this.#make(run, bytes);
    return bytes;
  }

  async #make(run: ChunkRun, target: Uint8Array): Promise<void> {
    await this.#orEnd(() => {
      run.into(target);
    });
  }

  async #orEnd<T>(act: () => T | Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      // The failure to report is the one that came first.
      await this.return().catch(() => undefined);
      throw error;
    }
  }

  #isOver(): boolean {
    return this.#over;
  }
}
