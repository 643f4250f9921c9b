import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpHandler, HttpResponse } from '../http-response.ts';
import { RequestBodyError } from '../request-body-error.ts';
import { Exchange } from './exchange.ts';
import { refusalOf } from './head-refusal.ts';
import { withDefaults, type NodeHandlerOptions, type NodeHandlerSettings } from './options.ts';
import { sendResponse } from './send-response.ts';

/**
 * A handler as a listener of node:http's `request` event. Node itself then answers `Expect: 100-continue` and broken
 * requests; `attach` does both better.
 */
export function createNodeListener(
  handler: HttpHandler,
  options: NodeHandlerOptions = {},
): (req: IncomingMessage, res: ServerResponse) => void {
  const settings = withDefaults(options);
  return (req, res) => {
    serve(handler, new Exchange(req, res, settings, false));
  };
}

/** Serves one request as soon as those before it on its connection are answered; it never throws. */
export function serve(handler: HttpHandler, exchange: Exchange): void {
  exchange.onTurn(() => {
    answer(handler, exchange);
  });
}

function answer(handler: HttpHandler, exchange: Exchange): void {
  const refusal = refusalOf(exchange);
  const answered =
    refusal === undefined ? respond(handler, exchange) : sendResponse(exchange, { status: refusal, headers: [] });
  answered.catch((error: unknown) => {
    fail(exchange, error);
  });
}

async function respond(handler: HttpHandler, exchange: Exchange): Promise<void> {
  await sendResponse(exchange, await handler(exchange.request));
}

/**
 * Answers a failure with 500 if the head was not sent yet; otherwise breaks the connection, so that the client sees
 * that the answer is not complete.
 */
function fail(exchange: Exchange, error: unknown): void {
  const { res } = exchange;
  if (exchange.gone && isDisconnect(error, exchange)) return;
  report(exchange, error);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const internalError: HttpResponse = { status: 500, headers: [] };
  sendResponse(exchange, internalError).catch(() => {
    res.destroy();
  });
}

function isDisconnect(error: unknown, { request }: Exchange): boolean {
  return error === request.signal.reason || (error instanceof RequestBodyError && error.code === 'aborted');
}

function report(
  { settings, request }: { settings: NodeHandlerSettings; request: Exchange['request'] },
  error: unknown,
): void {
  try {
    settings.onError(error, request);
  } catch {
    // When reporting itself fails, there is nobody to report that to.
  }
}
