import type { Clock } from '@coffer/storage-ports';

/** A clock that stands still until one of its methods is called. */
export interface FixedClock extends Clock {
  /** Lets `milliseconds` pass. If the number is negative, no time passes and the clock is set back by that much. */
  advance(milliseconds: number): void;
  /** Sets the clock by `milliseconds`, forwards or backwards, while no time passes. */
  jump(milliseconds: number): void;
  /** Simulates a restart of the machine: elapsed time is counted from now on. */
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
