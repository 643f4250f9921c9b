/** Lets things through, or holds them while it is closed. */
export class Gate {
  #waiting: (() => void)[] = [];
  #closing = new AbortController();

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Aborted when the gate is closed the next time. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort();
  }

  open(): void {
    if (!this.isClosed) return;
    this.#closing = new AbortController();
    for (const pass of this.#waiting.splice(0)) pass();
  }

  /** Resolves when the gate is open; rejects with the signal's reason if that comes first. */
  async passage(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.isClosed) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
      signal.throwIfAborted();
    }
  }
}
