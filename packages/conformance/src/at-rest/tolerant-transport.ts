import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import type { Transport, WireAnswer, WireRequest } from '../wire/transport.ts';

/** Milliseconds in which an answer has to end: a server may send a byte now and then for ever. */
const wholeMs = 120_000;
/** Bytes of a body that are kept; longer than all that a run writes. */
const mostBytes = 256 * 1024 * 1024;

/** A request to which no byte came for too long, or whose answer does not end: the server hangs. */
export class NoByteError extends ConformanceError {}

/** A transport that also gives the answers that the server breaks off, and knows them by their bodies. */
export interface TolerantTransport {
  readonly send: Transport;
  /** Whether the connection ended before the body did. */
  readonly wasCut: (body: Uint8Array) => boolean;
}

/** A connection for each request, since servers are stopped and started between them. */
export function createTolerantTransport(ca: string | undefined, idleMs: number): TolerantTransport {
  const cut = new WeakSet<Uint8Array>();
  const send: Transport = async (request) => {
    try {
      const { answer, whole } = await exchange(request, ca, idleMs);
      if (!whole) cut.add(answer.body);
      return answer;
    } catch (cause) {
      if (cause instanceof NoByteError) throw cause;
      throw new ConformanceError('connection', `${request.method} ${request.origin}: ${reasonOf(cause)}`, { cause });
    }
  };
  return { send, wasCut: (body) => cut.has(body) };
}

interface Exchanged {
  readonly answer: WireAnswer;
  readonly whole: boolean;
}

function exchange(request: WireRequest, ca: string | undefined, idleMs: number): Promise<Exchanged> {
  const { method, origin, target, headers, body } = request;
  const { protocol, hostname, port } = new URL(origin);
  const lines = [...headers.flatMap(([name, value]) => [name, value]), 'Connection', 'close'];
  const options = { method, host: hostname.replace(/^\[|\]$/g, ''), port, path: target, headers: lines, agent: false };
  return new Promise((resolve, reject) => {
    const receive = (response: IncomingMessage): void => {
      collect(response).then(resolve, reject);
    };
    const hang = (why: string): void => {
      const silence = new NoByteError('connection', why);
      // Before the body is told to be cut: a server that hangs is not one that refuses.
      reject(silence);
      sent.destroy(silence);
    };
    const deadline = setTimeout(hang, wholeMs, `the answer did not end in ${wholeMs} ms`);
    const sent =
      protocol === 'https:'
        ? httpsRequest({ ...options, ...(ca !== undefined && { ca }) }, receive)
        : httpRequest(options, receive);
    sent.on('error', reject);
    sent.on('close', () => {
      clearTimeout(deadline);
    });
    sent.setTimeout(idleMs, () => {
      hang(`no byte came for ${idleMs} ms`);
    });
    sent.end(body);
  });
}

async function collect(response: IncomingMessage): Promise<Exchanged> {
  const pieces: Uint8Array[] = [];
  let broken = false;
  try {
    let length = 0;
    for await (const piece of response as AsyncIterable<Uint8Array>) {
      pieces.push(piece);
      length += piece.length;
      // It is too long already, which is wrong whatever follows.
      if (length > mostBytes) return { answer: answerOf(response, pieces), whole: true };
    }
  } catch {
    broken = true;
  }
  return { answer: answerOf(response, pieces), whole: !broken && response.complete };
}

function answerOf(response: IncomingMessage, pieces: readonly Uint8Array[]): WireAnswer {
  const lines = Object.entries(response.headersDistinct);
  const headers = new Map(lines.map(([name, values]) => [name, (values ?? []).join(', ')]));
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(pieces) };
}
