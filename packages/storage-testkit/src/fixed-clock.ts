import type { Clock } from '@coffer/storage-ports';

/** A clock that stands still unless told otherwise. */
export interface FixedClock extends Clock {
  /** Lets `milliseconds` pass. If negative, none pass, and the clock is set back by so much. */
  advance(milliseconds: number): void;
  /** Sets the clock by `milliseconds`, forwards or backwards, while no time passes. */
  jump(milliseconds: number): void;
  /** As if the machine was started again: what has passed is counted from now on. */
  restart(): void;
}

/** A clock that shows `start`, in milliseconds since the epoch. */
export function fixedClock(start: number): FixedClock {
  let now = start;
  let elapsed = 0;
  let boots = 1;
  return {
    now: () => now,
    elapsed: () => ({ boot: `boot ${boots}`, milliseconds: elapsed }),
    advance: (milliseconds) => {
      now += milliseconds;
      elapsed += Math.max(0, milliseconds);
    },
    jump: (milliseconds) => {
      now += milliseconds;
    },
    restart: () => {
      elapsed = 0;
      boots++;
    },
  };
}
