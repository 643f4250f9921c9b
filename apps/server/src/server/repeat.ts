import type { Timer } from './timer.ts';

export interface RepeatOptions {
  readonly timer: Timer;
  /** Milliseconds before the work is done for the first time. */
  readonly firstMilliseconds: number;
  /** Milliseconds from the end of the work to its next beginning. */
  readonly everyMilliseconds: number;
  /** Must not reject: it has to handle its own failures. */
  readonly work: () => Promise<void>;
}

/**
 * Does some work in the background again and again. The function that it returns ends that, and resolves when work that
 * is under way has ended; it is idempotent.
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
