import type { Clock } from '@coffer/storage-ports';
import type { Logger } from 'pino';

/** Milliseconds between two lines: a flood must not fill the log as well. */
const warnAgainAfter = 60_000;

/**
 * To be called for each connection that was refused, with fields about it. A line has the fields of the first one, and
 * says how many there were.
 */
export function warnOfFlood(logger: Logger, clock: Clock, line: string): (fields: object) => void {
  let refused = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;
  return (fields) => {
    refused++;
    if (clock.now() - warnedAt < warnAgainAfter) return;
    warnedAt = clock.now();
    logger.warn({ ...fields, refused }, line);
    refused = 0;
  };
}
