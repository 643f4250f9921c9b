import type { B2RequestEvent } from '@coffer/b2-protocol';
import type { HttpHandler, HttpRequest } from '@coffer/http';
import type { Logger } from 'pino';
import { headersToLog } from './logged-headers.ts';

/** Logs each request's head at level debug, without its query: it may carry a token. */
export function logRequests(handler: HttpHandler, logger: Logger): HttpHandler {
  if (!logger.isLevelEnabled('debug')) return handler;
  return (request) => {
    logger.debug(describeRequest(request), 'request');
    return handler(request);
  };
}

/** What may be known of a request. */
export function describeRequest({ method, target, headers, peer }: HttpRequest): object {
  const path = target.split('?', 1)[0];
  return { method, path, peer: peer.address, secure: peer.secure, headers: headersToLog(headers) };
}

/** One line for a finished request: info, warn where the answer was cut short, error where it is the server's fault. */
export function logFinishedRequest(logger: Logger, event: B2RequestEvent): void {
  const fields = { ...event, durationMs: Math.round(event.durationMs) };
  const line = `${event.operation ?? event.method} ${event.status}`;
  if (event.status >= 500) logger.error(fields, line);
  else if (event.incomplete) logger.warn(fields, `${line} (cut short)`);
  else logger.info(fields, line);
}
