import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** The last turn of each environment that this process has open, by the real path of its directory. */
const lastTurns = new Map<string, Promise<unknown>>();

/**
 * Runs what needs the write lock of an LMDB environment when nothing else of this process has it, in the order of the
 * calls. LMDB has one lock for all handles of a process, and to open a handle its thread waits for that lock: a
 * transaction of another handle, whose holder waits for this very thread, would never end. `place`: see
 * {@link realPath}.
 */
export function inTurn<T>(place: string, work: () => T | Promise<T>): Promise<T> {
  const turn = (lastTurns.get(place) ?? Promise.resolve()).then(work);
  const ended = turn.then(ignore, ignore).then(() => {
    if (lastTurns.get(place) === ended) lastTurns.delete(place);
  });
  lastTurns.set(place, ended);
  return turn;
}

/** The same for every name of a directory; where there is none yet, the path as it is given. */
export function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return resolve(directory);
  }
}

function ignore(): void {
  // A turn that failed has told whoever took it.
}
