import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

/** To be called with an error, further fields of its log line, and the text of the line. */
export type ErrorLog = (error: unknown, fields: object, line: string) => void;

/**
 * Logs and counts what went wrong on the server's side; a failure that several layers report makes one line and is
 * counted once.
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
