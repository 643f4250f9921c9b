/** Times to wait between attempts: doubled each time up to a bound, and shortened at random, lest many meet. */
export class Backoff {
  readonly #first: number;
  readonly #most: number;
  readonly #random: () => number;
  #next: number;

  /** `first` and `most` in milliseconds. */
  constructor(first: number, most: number, random: () => number = Math.random) {
    this.#first = first;
    this.#most = most;
    this.#random = random;
    this.#next = first;
  }

  /** Milliseconds to wait before the next attempt: between half of the time and all of it. */
  next(): number {
    const whole = this.#next;
    this.#next = Math.min(this.#most, whole * 2);
    return whole * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#next = this.#first;
  }
}

/** Resolves after `milliseconds`. Keeps the process alive. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
