import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** The last turn of each environment that this process has open, by the real path of its directory. */
const lastTurns = new Map<string, Promise<unknown>>();

/**
 * Runs work that needs the write lock of an LMDB environment while nothing else in this process has the lock, in the
 * order of the calls. All handles of a process share that lock, and opening a handle blocks the thread until the lock
 * is free: if a transaction of another handle held it and needed this very thread to end, both would wait for ever.
 * `place`: see {@link realPath}.
 */
export function inTurn<T>(place: string, work: () => T | Promise<T>): Promise<T> {
  const turn = (lastTurns.get(place) ?? Promise.resolve()).then(work);
  const ended = turn.then(ignore, ignore).then(() => {
    if (lastTurns.get(place) === ended) lastTurns.delete(place);
  });
  lastTurns.set(place, ended);
  return turn;
}

/** One path for all names of a directory; for a directory that does not exist, the path as it is given. */
export function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return resolve(directory);
  }
}

function ignore(): void {
  // The caller of a turn that failed has its rejection.
}
