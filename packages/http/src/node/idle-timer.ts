/** Calls back once, when it was not restarted for a while; it never keeps the process alive. */
export class IdleTimer {
  readonly #ms: number;
  readonly #expired: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, expired: () => void) {
    this.#ms = ms;
    this.#expired = expired;
  }

  /** Starts or restarts the wait. */
  restart(): void {
    this.#timer ??= setTimeout(this.#expired, this.#ms).unref();
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
