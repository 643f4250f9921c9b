/**
 * Calls back once after so many milliseconds; returns a function that prevents that. Does not keep the process alive.
 */
export type Timer = (milliseconds: number, callback: () => void) => () => void;

/** The process's timers. */
export const systemTimer: Timer = (milliseconds, callback) => {
  const timeout = setTimeout(callback, milliseconds).unref();
  return () => {
    clearTimeout(timeout);
  };
};
