import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import { collectAnswer } from './collect-answer.ts';
import { exchangeRaw } from './raw-exchange.ts';
import type { Transport, WireAnswer, WireRequest } from './transport.ts';

export interface HttpTransportOptions {
  /** Certificates to trust, in PEM, instead of the system's. */
  readonly ca?: string;
  /** Milliseconds without a byte after which a request is given up; 60,000 if left out. */
  readonly idleMs?: number;
  /** Milliseconds that a request has up to the end of its answer; 120,000 if left out. */
  readonly wholeMs?: number;
  /** Milliseconds that a raw form has for its whole exchange; 20,000 if left out. */
  readonly rawMs?: number;
}

/** A transport over `node:http` and `node:https` that keeps connections, and what ends them. */
export interface HttpTransport {
  readonly send: Transport;
  readonly close: () => void;
}

export function createHttpTransport(options: HttpTransportOptions = {}): HttpTransport {
  const { ca, idleMs = 60_000, wholeMs = 120_000, rawMs = 20_000 } = options;
  const trust = ca === undefined ? {} : { ca };
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true, ...trust });
  return {
    send: async (request) => {
      const { raw, method, origin } = request;
      try {
        if (raw !== undefined) return await exchangeRaw(raw, method, origin, { ...trust, limitMs: rawMs });
        return await exchange(request, plain, secure, { idleMs, wholeMs });
      } catch (cause) {
        // Node throws at once for a path or a header that cannot be sent; both may come from an earlier answer.
        throw new ConformanceError('connection', `${method} ${origin}: ${reasonOf(cause)}`, { cause });
      }
    },
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

function exchange(
  request: WireRequest,
  plain: HttpAgent,
  secure: HttpsAgent,
  { idleMs, wholeMs }: Required<Pick<HttpTransportOptions, 'idleMs' | 'wholeMs'>>,
): Promise<WireAnswer> {
  const { method, origin, target, headers, body } = request;
  const { protocol, hostname, port } = new URL(origin);
  // A list keeps names and their order as they are, which a signature may depend on.
  const lines = headers.flatMap(([name, value]) => [name, value]);
  const options = { method, host: hostname.replace(/^\[|\]$/g, ''), port, path: target, headers: lines };
  let deadline: NodeJS.Timeout | undefined;
  return new Promise<WireAnswer>((resolve, reject) => {
    const receive = (response: IncomingMessage): void => {
      collectAnswer(response).then(resolve, reject);
    };
    const sent =
      protocol === 'https:'
        ? httpsRequest({ ...options, agent: secure }, receive)
        : httpRequest({ ...options, agent: plain }, receive);
    sent.on('error', reject);
    sent.setTimeout(idleMs, () => {
      sent.destroy(new ConformanceError('connection', `no byte came for ${idleMs} ms`));
    });
    deadline = setTimeout(() => {
      const late = new ConformanceError('connection', `the answer was not complete after ${wholeMs} ms`);
      // Before the response: once that has begun, the request's own error goes nowhere.
      reject(late);
      sent.destroy(late);
    }, wholeMs);
    sent.end(body);
  }).finally(() => {
    clearTimeout(deadline);
  });
}
