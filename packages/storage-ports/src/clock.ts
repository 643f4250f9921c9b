/** Where the time comes from, so that tests can set it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May jump backwards; whoever needs order must not derive it from this alone. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };
