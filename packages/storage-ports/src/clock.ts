/** How much time has passed, by a count that nobody sets. */
export interface MonotonicTime {
  /** Names what is counted from, such as one start of the machine. Only times with the same name compare. */
  readonly boot: string;
  /** Milliseconds since then. */
  readonly milliseconds: number;
}

/** Where the time comes from, so that tests can set it. */
export interface Clock {
  /**
   * Milliseconds since the epoch, UTC. May jump in both directions; whoever needs order must not derive it from this
   * alone.
   */
  now(): number;
  /** Never goes back, whatever becomes of {@link Clock.now}. */
  elapsed(): MonotonicTime;
}

const boot = `process ${globalThis.crypto.randomUUID()}`;

/** The machine's clock, and the time since this process began: of no use to other processes. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => ({ boot, milliseconds: performance.now() }),
};
