import { setTimeout as wait } from 'node:timers/promises';

/** Waits shorter than this are added up. */
const shortestWait = 20;

/** Keeps reading to a number of bytes per second, on average. */
export class Pace {
  readonly #bytesPerSecond: number;
  readonly #signal: AbortSignal | undefined;
  #freeAt = 0;

  /** `bytesPerSecond` undefined: no limit. */
  constructor(bytesPerSecond: number | undefined, signal: AbortSignal | undefined) {
    this.#bytesPerSecond = bytesPerSecond ?? Infinity;
    this.#signal = signal;
  }

  /** To be called for bytes that were read. Rejects with the signal's reason. */
  async spend(bytes: number): Promise<void> {
    this.#signal?.throwIfAborted();
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / this.#bytesPerSecond) * 1_000;
    const ahead = this.#freeAt - now;
    if (ahead < shortestWait) return;
    await wait(ahead, undefined, this.#signal === undefined ? {} : { signal: this.#signal }).catch((error: unknown) => {
      this.#signal?.throwIfAborted();
      throw error;
    });
  }
}
