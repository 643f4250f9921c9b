import type { Clock } from '@coffer/storage-ports';
import type { Logger } from 'pino';

/** Milliseconds between two lines: a flood must not fill the log as well. */
const warnAgainAfter = 60_000;

/** To be called for each connection that was refused. */
export function warnOfFlood(logger: Logger, clock: Clock, maxConnections: number): () => void {
  let refused = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;
  return () => {
    refused++;
    if (clock.now() - warnedAt < warnAgainAfter) return;
    warnedAt = clock.now();
    logger.warn({ maxConnections, refused }, 'too many connections: new ones are refused');
    refused = 0;
  };
}
