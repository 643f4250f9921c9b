import type { Clock } from '@coffer/storage-ports';

/** A clock that stands still unless told otherwise. */
export interface FixedClock extends Clock {
  /** Moves the time by `milliseconds`; negative: a clock that was set back. */
  advance(milliseconds: number): void;
}

/** A clock that shows `start`, in milliseconds since the epoch. */
export function fixedClock(start: number): FixedClock {
  let now = start;
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}
