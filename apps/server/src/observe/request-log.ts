import type { HttpRequest } from '@coffer/http';
import type { Logger } from 'pino';
import type { FinishedRequest } from './finished-request.ts';
import { headersToLog } from './logged-headers.ts';

/** What is logged of a request in addition to its event. Not its query, which may contain a token. */
export function describeRequest({ method, target, headers, peer }: HttpRequest): object {
  const path = target.split('?', 1)[0];
  return { method, path, peer: peer.address, secure: peer.secure, headers: headersToLog(headers) };
}

/**
 * One line for a finished request, with the request itself at level debug. It is a warning if the answer was cut off or
 * reports a failure of the server; such a failure has an error line of its own, with the same request id. A failure
 * that test mode caused is no warning.
 */
export function logFinishedRequest(logger: Logger, event: FinishedRequest, request: HttpRequest): void {
  const described = logger.isLevelEnabled('debug') ? describeRequest(request) : {};
  const { deliberate, ...about } = event;
  const durationMs = Math.round(event.durationMs);
  const fields = { ...described, ...about, ...(deliberate && { deliberate }), durationMs };
  const line = `${event.operation ?? event.method} ${event.status}`;
  if (deliberate) logger.info(fields, `${line} (on purpose, by test mode)`);
  else if (event.status >= 500) logger.warn(fields, line);
  else if (event.incomplete) logger.warn(fields, `${line} (cut short)`);
  else logger.info(fields, line);
}
