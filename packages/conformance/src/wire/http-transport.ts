import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import type { Transport, WireAnswer, WireRequest } from './transport.ts';

export interface HttpTransportOptions {
  /** Certificates to trust, in PEM, instead of the system's. */
  readonly ca?: string;
  /** Milliseconds without a byte after which a request is given up; 60,000 if left out. */
  readonly idleMs?: number;
}

/** A transport over `node:http` and `node:https` that keeps connections, and what ends them. */
export interface HttpTransport {
  readonly send: Transport;
  readonly close: () => void;
}

/** Longest answer that is collected: the suite reads back no more than a few parts of a large file. */
const longestBody = 256 * 1024 * 1024;

export function createHttpTransport({ ca, idleMs = 60_000 }: HttpTransportOptions = {}): HttpTransport {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true, ...(ca !== undefined && { ca }) });
  return {
    send: (request) => send(request, plain, secure, idleMs),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

async function send(request: WireRequest, plain: HttpAgent, secure: HttpsAgent, idleMs: number): Promise<WireAnswer> {
  try {
    return await exchange(request, plain, secure, idleMs);
  } catch (cause) {
    // Node throws at once for a path or a header that cannot be sent; both may come from an earlier answer.
    throw new ConformanceError('connection', `${request.method} ${request.origin}: ${reasonOf(cause)}`, { cause });
  }
}

function exchange(request: WireRequest, plain: HttpAgent, secure: HttpsAgent, idleMs: number): Promise<WireAnswer> {
  const { method, origin, target, headers, body } = request;
  const { protocol, hostname, port } = new URL(origin);
  // A list keeps names and their order as they are, which a signature may depend on.
  const lines = headers.flatMap(([name, value]) => [name, value]);
  const options = { method, host: hostname.replace(/^\[|\]$/g, ''), port, path: target, headers: lines };
  return new Promise((resolve, reject) => {
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
    sent.end(body);
  });
}

async function collectAnswer(response: IncomingMessage): Promise<WireAnswer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > longestBody) throw new ConformanceError('connection', 'the answer is longer than any content sent');
    pieces.push(piece);
  }
  return { status: response.statusCode ?? 0, headers: headersOf(response), body: Buffer.concat(pieces) };
}

function headersOf({ headersDistinct }: IncomingMessage): ReadonlyMap<string, string> {
  const lines = Object.entries(headersDistinct);
  return new Map(lines.map(([name, values]) => [name, (values ?? []).join(', ')]));
}
