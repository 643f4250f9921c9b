const shortestMs = 100;
const longestMs = 30_000;
/** If a worker served for this many milliseconds, its end counts as unrelated to earlier failures. */
const soundLifeMs = 60_000;

/** How long to wait before the next worker takes the place of one that ended by itself. */
export class BackOff {
  #failures = 0;

  /** To be called for each worker that ended or could not start, with the milliseconds that it served. */
  failed(servedMs: number): void {
    this.#failures = servedMs >= soundLifeMs ? 1 : this.#failures + 1;
  }

  /** The wait in milliseconds: it doubles with each failure in a row, up to half a minute. */
  get delayMs(): number {
    return this.#failures === 0 ? 0 : Math.min(longestMs, shortestMs * 2 ** (this.#failures - 1));
  }
}
