import { SEALED_CHUNK_LENGTH } from './blob-layout.ts';

/**
 * Work on a stream's bytes, done at once: yields a run of output, or undefined to be given the next piece of input,
 * which is undefined when there is none left. `ChunkStream` and `runsOf` do the waiting.
 */
export type ChunkWork = Generator<Uint8Array | undefined, void, Uint8Array | undefined>;

/**
 * The input of some work, in runs of the lengths that the work asks for. A run that lies inside one piece is handed on
 * without a copy; others are put together in one buffer, so at most one run and one piece are held.
 */
export class ChunkInput {
  /** What has not been taken of the last piece. */
  #piece: Uint8Array = new Uint8Array(0);
  #buffer: Uint8Array | undefined;

  /** The next `size` bytes, no more than a sealed chunk has; fewer at the end. Valid until the next are asked for. */
  *take(size: number): Generator<undefined, Uint8Array, Uint8Array | undefined> {
    let run = this.#cut(size);
    while (run.length < size) {
      const piece = yield;
      if (piece === undefined) break;
      this.#piece = piece;
      run = this.#joined(run, this.#cut(size - run.length));
    }
    return run;
  }

  #cut(size: number): Uint8Array {
    const run = this.#piece.subarray(0, size);
    this.#piece = this.#piece.subarray(run.length);
    return run;
  }

  #joined(run: Uint8Array, more: Uint8Array): Uint8Array {
    // Pieces are their consumer's to keep, so what many streams are, a single short piece, is never copied.
    if (run.length === 0) return more;
    this.#buffer ??= new Uint8Array(SEALED_CHUNK_LENGTH);
    if (run.buffer !== this.#buffer.buffer) this.#buffer.set(run);
    this.#buffer.set(more, run.length);
    return this.#buffer.subarray(0, run.length + more.length);
  }
}
