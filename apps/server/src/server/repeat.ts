import type { Timer } from './timer.ts';

export interface RepeatOptions {
  readonly timer: Timer;
  /** Before the first time. */
  readonly firstMilliseconds: number;
  /** From the end of one time to the beginning of the next. */
  readonly everyMilliseconds: number;
  /** Must not reject: whoever gives it says what is done about a failure. */
  readonly work: () => Promise<void>;
}

/**
 * Does something in the background again and again. What it returns ends that, and resolves when a time under way is
 * over; idempotent.
 */
export function repeat({ timer, firstMilliseconds, everyMilliseconds, work }: RepeatOptions): () => Promise<void> {
  let underWay = Promise.resolve();
  let isStopped = false;
  let cancel: () => void = () => undefined;
  const after = (milliseconds: number): void => {
    cancel = timer(milliseconds, () => {
      underWay = work().then(() => {
        if (!isStopped) after(everyMilliseconds);
      });
    });
  };
  after(firstMilliseconds);
  return () => {
    isStopped = true;
    cancel();
    return underWay;
  };
}
