import type { Timing } from '../src/retries/timing.ts';

/** Time that passes only when somebody sleeps, and so at once. */
export interface FakeTiming extends Timing {
  /** Milliseconds of all sleeps so far. */
  readonly sleeps: number[];
  /** Lets all time limits that are running end. */
  endTimers(): void;
  /** How many time limits are running. */
  readonly running: number;
}

/** `advance` is told of the time that passes. `random` gives no chance by default: delays are the longest there are. */
export function fakeTiming(advance: (milliseconds: number) => void = () => {}, random = () => 0): FakeTiming {
  const sleeps: number[] = [];
  const timers = new Set<() => void>();
  let now = 1_700_000_000_000;
  return {
    sleeps,
    now: () => now,
    random,
    sleep: (milliseconds, signal) => {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      now += milliseconds;
      advance(milliseconds);
      return Promise.resolve();
    },
    after: (_, run) => {
      timers.add(run);
      return () => timers.delete(run);
    },
    endTimers() {
      for (const run of timers) run();
    },
    get running() {
      return timers.size;
    },
  };
}
