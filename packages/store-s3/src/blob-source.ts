import { canFill, type ByteStream, type FillingIterator } from '@coffer/bytes';

const nothing = new Uint8Array(0);
/** How much of a stream that fills given memory is read to learn whether there is any more. */
const lookAhead = 16_384;

/** A stream that is read into given memory, whether or not it can do that itself. */
export class BlobSource {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  #rest: Uint8Array = nothing;
  #ended = false;

  constructor(stream: ByteStream, signal: AbortSignal | undefined) {
    this.#iterator = stream[Symbol.asyncIterator]();
    this.#signal = signal;
  }

  /**
   * Puts the next bytes into `target`, which has room. Resolves to their number, 0 only at the end.
   *
   * @throws whatever the stream throws, or the signal's reason.
   */
  async read(target: Uint8Array): Promise<number> {
    if (this.#ended && this.#rest.length === 0) return 0;
    if (this.#rest.length === 0 && canFill(this.#iterator)) return this.#fill(this.#iterator, target);
    if (!(await this.hasMore())) return 0;
    const taken = this.#rest.subarray(0, target.length);
    target.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }

  /** Whether any bytes are left. @throws as `read`. */
  async hasMore(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#ended) {
      if (canFill(this.#iterator)) {
        const ahead = new Uint8Array(lookAhead);
        this.#rest = ahead.subarray(0, await this.#fill(this.#iterator, ahead));
      } else {
        const next = await this.#iterator.next();
        this.#signal?.throwIfAborted();
        if (next.done === true) this.#ended = true;
        else this.#rest = next.value;
      }
    }
    return this.#rest.length > 0;
  }

  async #fill(iterator: FillingIterator, target: Uint8Array): Promise<number> {
    const count = await iterator.fill(target);
    this.#signal?.throwIfAborted();
    this.#ended = count === 0;
    return count;
  }

  /** Lets the stream go; its `finally` has run when this resolves. Does nothing for one that has ended. */
  async leave(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    // Why the write fails is what its caller wants to know.
    await this.#iterator.return?.().catch(() => undefined);
  }
}
