import { pieceBuffers, type FillingIterator } from '@coffer/bytes';
import type { BlobFile } from '@coffer/storage-ports';
import { attempt } from './store-failure.ts';

/** Room that is worth being filled: a sealed chunk of 16 KiB, with the header that stands before the first. */
const roomToFill = 17 * 1024;

/**
 * Writes pieces of any size in few calls. While one write is under way the next is gathered, so two buffers of the pool
 * are held at most; the longer those are, the rarer are the calls.
 */
export class GatheredWriter {
  readonly #file: BlobFile;
  #gathered: Uint8Array = pieceBuffers.take();
  #used = 0;
  #spare: Uint8Array | undefined;
  #writing: Promise<void> | undefined;
  #released: Promise<void> | undefined;

  constructor(file: BlobFile) {
    this.#file = file;
  }

  /**
   * Takes the bytes. Returns undefined if they only had to be copied; otherwise a promise, which rejects if an earlier
   * write failed. The caller may change the bytes once this has returned undefined, or its promise has resolved.
   */
  add(piece: Uint8Array): Promise<void> | undefined {
    if (piece.length >= this.#gathered.length - this.#used) return this.#addAndFlush(piece);
    this.#gathered.set(piece, this.#used);
    this.#used += piece.length;
    return undefined;
  }

  /**
   * Lets a stream write its next bytes straight into the buffer. Resolves to their number, 0 at the stream's end;
   * rejects as the stream does, or if an earlier write failed.
   */
  async fill(source: FillingIterator): Promise<number> {
    if (this.#gathered.length - this.#used < roomToFill) await this.#flush();
    const count = await source.fill(this.#gathered.subarray(this.#used));
    this.#used += count;
    return count;
  }

  /** Writes what is left. Resolves when everything was written; it is not flushed yet. */
  async end(): Promise<void> {
    await this.#writing;
    await writeAll(this.#file, this.#gathered.subarray(0, this.#used));
    this.#used = 0;
  }

  /**
   * Gives the buffers back. Resolves when no write is under way, whether the last one failed or not. To be called when
   * everything else has settled; the writer is of no use afterwards. Idempotent.
   */
  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<void> {
    await this.#writing?.catch(() => undefined);
    pieceBuffers.give(this.#gathered);
    if (this.#spare !== undefined) pieceBuffers.give(this.#spare);
  }

  async #addAndFlush(piece: Uint8Array): Promise<void> {
    let rest = piece;
    while (rest.length > 0) {
      const part = rest.subarray(0, this.#gathered.length - this.#used);
      this.#gathered.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
      if (this.#used === this.#gathered.length) await this.#flush();
    }
  }

  /** Waits for the previous write, and begins to write what is gathered. */
  async #flush(): Promise<void> {
    await this.#writing;
    const full = this.#gathered;
    this.#writing = writeAll(this.#file, full.subarray(0, this.#used));
    // Not an unhandled rejection: the next call of a method gets the failure.
    this.#writing.catch(() => undefined);
    this.#gathered = this.#spare ?? pieceBuffers.take();
    this.#spare = full;
    this.#used = 0;
  }
}

async function writeAll(file: BlobFile, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(await attempt('Writing the blob', file.write(rest)));
}
