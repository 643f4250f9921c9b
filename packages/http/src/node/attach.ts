import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { Socket } from 'node:net';
import type { HttpHandler } from '../http-response.ts';
import { Exchange } from './exchange.ts';
import { serve } from './listener.ts';
import { withDefaults, type NodeHandlerOptions } from './options.ts';
import { refuse } from './refuse.ts';

/**
 * Lets a handler answer everything that comes to a node:http or node:https server: requests, `Expect: 100-continue`
 * (answered when the handler first pulls the body, so a refused upload is never sent), other expectations (417) and
 * bytes that are not HTTP.
 *
 * Sets the server's `requestTimeout` to 0: it would cut off every large upload after five minutes. `bodyTimeoutMs`
 * bounds a body that makes no progress instead, and the server's `headersTimeout` goes on bounding the head.
 *
 * Sets the server's `maxHeadersCount` to 0: Node drops header lines beyond that number silently. The bytes of a head
 * are bounded by the server's `maxHeaderSize` and by `maxHeaderBytes`; more is answered with 431.
 */
export function attach(server: Server | TlsServer, handler: HttpHandler, options: NodeHandlerOptions = {}): void {
  const settings = withDefaults(options);
  const expectationFailed: HttpHandler = () => Promise.resolve({ status: 417, headers: [] });
  // The two servers declare the same events, but TypeScript cannot call the union of their overloads.
  const http = server as Server;
  http.requestTimeout = 0;
  // Node would drop the header lines behind the first 1,000 without a word; their bytes are bounded instead.
  http.maxHeadersCount = 0;
  http.on('request', (req, res) => {
    serve(handler, new Exchange(req, res, settings, false));
  });
  http.on('checkContinue', (req, res) => {
    serve(handler, new Exchange(req, res, settings, true));
  });
  http.on('checkExpectation', (req, res) => {
    serve(expectationFailed, new Exchange(req, res, settings, false));
  });
  http.on('clientError', (error, socket) => {
    if (socket instanceof Socket) refuse(error, socket, settings);
    else socket.destroy();
  });
}
