import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

/** To be told of an error, with what else its line has to say. */
export type ErrorLog = (error: unknown, fields: object, line: string) => void;

/**
 * Logs and counts what went wrong on the server's side; what several layers report of one failure is one line and one
 * count.
 */
export function createErrorLog(logger: Logger, metrics: Metrics): ErrorLog {
  const seen = new WeakSet();
  return (error, fields, line) => {
    if (typeof error === 'object' && error !== null) {
      if (seen.has(error)) return;
      seen.add(error);
    }
    metrics.errorSeen(error);
    logger.error({ err: error, ...fields }, line);
  };
}
