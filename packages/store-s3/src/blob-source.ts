import { canFill, type ByteStream } from '@coffer/bytes';

const nothing = new Uint8Array(0);

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
    if (this.#ended) return 0;
    if (canFill(this.#iterator)) {
      const count = await this.#iterator.fill(target);
      this.#signal?.throwIfAborted();
      this.#ended = count === 0;
      return count;
    }
    while (this.#rest.length === 0) {
      const next = await this.#iterator.next();
      this.#signal?.throwIfAborted();
      if (next.done === true) {
        this.#ended = true;
        return 0;
      }
      this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, target.length);
    target.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }

  /** Lets the stream go; its `finally` has run when this resolves. Does nothing for one that has ended. */
  async leave(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    // Why the write fails is what its caller wants to know.
    await this.#iterator.return?.().catch(() => undefined);
  }
}
