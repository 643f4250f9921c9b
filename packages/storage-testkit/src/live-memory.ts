import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A measure of the array buffers of this process that are still in use, in bytes: each call collects garbage first,
 * which takes some tens of milliseconds.
 */
export function liveArrayBuffers(): () => number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  return () => {
    collectGarbage();
    // Buffers are freed by another thread after a collection; the next one waits for it.
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
}
