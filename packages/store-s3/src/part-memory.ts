import { StoreError } from '@coffer/storage-ports';
import { withResolvers } from './resolvers.ts';

/** How many unused buffers are kept for the next writes. */
const kept = 4;

/**
 * The buffers for parts of large blobs: a number of them for the process. A write that needs its first one waits its
 * turn; a second one, to go on reading while the first is being sent, it gets only if nobody waits. So whoever has a
 * buffer can always finish, and the buffers come back.
 */
export class PartMemory {
  readonly #length: number;
  readonly #free: Uint8Array[] = [];
  readonly #waiting = new Set<(buffer: Uint8Array) => void>();
  #left: number;

  /** `length`: bytes of a buffer. `count`: how many may be in use. */
  constructor(length: number, count: number) {
    this.#length = length;
    this.#left = count;
  }

  /**
   * A buffer, which holds anything.
   *
   * @throws StoreError `io` if there is none within `limit` milliseconds; the signal's reason if it aborts.
   */
  async take(limit: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const free = this.takeFree();
    if (free !== undefined) return free;
    const { promise, resolve, reject } = withResolvers<Uint8Array>();
    this.#waiting.add(resolve);
    const refuse = (reason: unknown) => {
      // Out of the queue at once, so that no buffer goes to whom has given up.
      this.#waiting.delete(resolve);
      reject(reason);
    };
    const timer = setTimeout(
      refuse,
      limit,
      new StoreError('io', `No memory for another large blob within ${limit} ms`),
    );
    const onAbort = () => {
      refuse(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** A buffer, if there is one and nobody waits. */
  takeFree(): Uint8Array | undefined {
    if (this.#left === 0 || this.#waiting.size > 0) return undefined;
    this.#left--;
    return this.#free.pop() ?? new Uint8Array(new ArrayBuffer(this.#length));
  }

  /**
   * Takes a buffer back. `isIdle`: whether nobody reads it any more; one that a connection may still send from is not
   * used again.
   */
  give(buffer: Uint8Array, isIdle: boolean): void {
    const whole = isIdle ? buffer : new Uint8Array(new ArrayBuffer(this.#length));
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#waiting.delete(next);
      next(whole);
      return;
    }
    this.#left++;
    if (isIdle && this.#free.length < kept) this.#free.push(whole);
  }
}
