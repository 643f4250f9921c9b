/** How much time has passed, by a counter that nobody can set. */
export interface MonotonicTime {
  /**
   * Names the moment from which is counted, such as one start of the machine. Only times with the same name can be
   * compared.
   */
  readonly boot: string;
  /** Milliseconds since then. */
  readonly milliseconds: number;
}

/** Where the time comes from, so that tests can set it. */
export interface Clock {
  /**
   * Milliseconds since the epoch, UTC. May jump in both directions, so an order must not be derived from this alone.
   */
  now(): number;
  /** Never goes back, even when {@link Clock.now} does. */
  elapsed(): MonotonicTime;
}

const boot = `process ${globalThis.crypto.randomUUID()}`;

/** The machine's clock, and the time since this process began, which other processes cannot use. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => ({ boot, milliseconds: performance.now() }),
};
