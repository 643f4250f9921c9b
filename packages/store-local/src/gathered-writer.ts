import type { BlobFile } from '@coffer/storage-ports';
import { attempt } from './store-failure.ts';

/**
 * Writes pieces of any size in few calls. While one write is under way the next is gathered, so two buffers are held at
 * most.
 */
export class GatheredWriter {
  readonly #file: BlobFile;
  readonly #length: number;
  #gathered: Uint8Array;
  #used = 0;
  #spare: Uint8Array | undefined;
  #writing: Promise<void> | undefined;

  /** `length`: bytes gathered before they are written. */
  constructor(file: BlobFile, length: number) {
    this.#file = file;
    this.#length = length;
    this.#gathered = newBuffer(length);
  }

  /**
   * Takes the bytes. Returns undefined if they only had to be copied; otherwise a promise, which rejects if an earlier
   * write failed. The caller may change the bytes once this has returned undefined, or its promise has resolved.
   */
  add(piece: Uint8Array): Promise<void> | undefined {
    if (piece.length >= this.#length - this.#used) return this.#addAndFlush(piece);
    this.#gathered.set(piece, this.#used);
    this.#used += piece.length;
    return undefined;
  }

  /** Writes what is left. Resolves when everything was written; it is not flushed yet. */
  async end(): Promise<void> {
    await this.#writing;
    await writeAll(this.#file, this.#gathered.subarray(0, this.#used));
    this.#used = 0;
  }

  /** Resolves when no write is under way, whether the last one failed or not. */
  async idle(): Promise<void> {
    await this.#writing?.catch(() => undefined);
  }

  async #addAndFlush(piece: Uint8Array): Promise<void> {
    let rest = piece;
    while (rest.length > 0) {
      const part = rest.subarray(0, this.#length - this.#used);
      this.#gathered.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
      if (this.#used === this.#length) await this.#flush();
    }
  }

  /** Waits for the previous write, and begins to write the full buffer. */
  async #flush(): Promise<void> {
    await this.#writing;
    const full = this.#gathered;
    this.#writing = writeAll(this.#file, full);
    // Not an unhandled rejection: the next call of a method gets the failure.
    this.#writing.catch(() => undefined);
    this.#gathered = this.#spare ?? newBuffer(this.#length);
    this.#spare = full;
    this.#used = 0;
  }
}

/** Not zeroed: every byte is set before it is written. */
function newBuffer(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

async function writeAll(file: BlobFile, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(await attempt('Writing the blob', file.write(rest)));
}
