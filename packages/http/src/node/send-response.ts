import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { canFill, type SizedStream } from '@coffer/bytes';
import { formatHttpDate } from '../http-date.ts';
import type { HeaderPair } from '../header-list.ts';
import { releaseBody, type HttpResponse } from '../http-response.ts';
import { breakWhenNotRead } from './answer-timeout.ts';
import type { Exchange } from './exchange.ts';
import { sendFilled } from './send-filled.ts';

const statusesWithoutContent = new Set([204, 304]);
/** Bytes of an answer that may wait to be sent before its producer has to wait, too. */
const sendBufferLength = 256 * 1024;
/** Bytes of an answer's body up to which filling buffers is not worth it: most are one piece already. */
const smallAnswer = 64 * 1024;
const adaptersOwn = new Set(['date', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']);

/**
 * Sends an answer. Resolves once it was handed to the connection and, if the request's content was not read, once
 * enough of that was dropped for the client to see the answer.
 *
 * @throws what the body throws, and an error for a head that cannot be sent or a body of another length than declared.
 * `res.headersSent` tells whether the head was sent by then.
 */
export async function sendResponse(exchange: Exchange, response: HttpResponse): Promise<void> {
  const { body, status } = response;
  if (exchange.gone || !mayHaveContent(exchange, status)) {
    releaseBody(body);
    if (exchange.gone) return;
    writeHead(exchange, response);
    await finish(exchange);
  } else if (body === undefined || body instanceof Uint8Array) {
    writeHead(exchange, response);
    await finish(exchange, body);
  } else {
    await sendStream(exchange, response, body);
  }
}

function mayHaveContent({ message }: Exchange, status: number): boolean {
  return message.method !== 'HEAD' && !statusesWithoutContent.has(status);
}

/**
 * Pulls and writes in turn, a piece at a time. The head waits for the first piece, so that a body which fails at once
 * can still be answered as an error; the piece that completes the length waits for the stream's good end, so that the
 * client does not take a body which fails at its very end for a complete one.
 */
async function sendStream(exchange: Exchange, response: HttpResponse, body: SizedStream): Promise<void> {
  const iterator = body.stream[Symbol.asyncIterator]();
  const release = () => void iterator.return?.().catch(() => undefined);
  exchange.whenGone = release;
  let last: Uint8Array | undefined;
  try {
    last = await (canFill(iterator) && body.length > smallAnswer
      ? sendFilled(exchange, iterator, body.length, () => {
          if (!exchange.res.headersSent) writeHead(exchange, response);
        })
      : sendPieces(exchange, iterator, response, body.length));
  } catch (error) {
    release();
    throw error;
  } finally {
    exchange.whenGone = undefined;
  }
  if (exchange.gone) return;
  if (!exchange.res.headersSent) writeHead(exchange, response);
  await finish(exchange, last);
}

/** As `sendFilled`, a piece of the stream at a time. */
async function sendPieces(
  exchange: Exchange,
  iterator: AsyncIterator<Uint8Array>,
  response: HttpResponse,
  length: number,
): Promise<Uint8Array | undefined> {
  let sent = 0;
  let last: Uint8Array | undefined;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    const piece = next.value;
    if (exchange.gone) return undefined;
    if (piece.length === 0) continue;
    sent += piece.length;
    if (sent > length) throw new RangeError(`The answer's body has more than its ${length} bytes`);
    if (sent === length) last = piece;
    else await writePiece(exchange, response, piece);
  }
  if (!exchange.gone && sent < length) throw new RangeError(`The answer's body ended after ${sent} of ${length} bytes`);
  return last;
}

async function writePiece(exchange: Exchange, response: HttpResponse, piece: Uint8Array): Promise<void> {
  if (!exchange.res.headersSent) writeHead(exchange, response);
  const { res } = exchange;
  // Node gathers what is written until the event loop turns, so waiting only now makes one system call of many small
  // pieces.
  if (!res.write(piece) && res.writableLength >= sendBufferLength) await drained(exchange);
}

async function drained({ res, message }: Exchange): Promise<void> {
  if (res.destroyed || message.socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const settle = () => {
      res.off('drain', settle).off('close', settle);
      message.socket.off('close', settle);
      resolve();
    };
    res.on('drain', settle).on('close', settle);
    message.socket.on('close', settle);
  });
}

/** @throws Error for a status or header that cannot be sent; nothing was sent then. */
function writeHead(exchange: Exchange, response: HttpResponse): void {
  const { res, settings } = exchange;
  const { status } = response;
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`${status} is no final status`);
  exchange.closing = !exchange.reusable || !res.shouldKeepAlive || asksToClose(response.headers);
  const lines = ['Date', formatHttpDate(settings.now())];
  for (const [name, value] of response.headers) if (!adaptersOwn.has(name.toLowerCase())) lines.push(name, value);
  const length = declaredLength(exchange, response);
  if (length !== undefined) lines.push('Content-Length', length);
  if (exchange.closing) lines.push('Connection', 'close');
  res.sendDate = false;
  res.writeHead(status, lines);
  breakWhenNotRead(exchange);
}

function asksToClose(headers: readonly HeaderPair[]): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === 'connection' && /\bclose\b/i.test(value));
}

/**
 * Without a body, answers to HEAD and with status 304 may declare the length of what they stand for (RFC 9110 section
 * 8.6).
 */
function declaredLength({ message }: Exchange, { status, headers, body }: HttpResponse): string | undefined {
  if (status === 204) return undefined;
  if (status === 304 || (message.method === 'HEAD' && body === undefined)) {
    return headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  }
  return String(body?.length ?? 0);
}

/**
 * Ends the answer. If the connection is to be closed while the client is still sending, it stays open until the client
 * has had time to read the answer.
 */
async function finish(exchange: Exchange, last?: Uint8Array): Promise<void> {
  const { res, body, settings, message } = exchange;
  if (exchange.received || !exchange.closing) {
    const dropped = exchange.dropRest();
    end(res, last);
    if (!(await dropped)) message.socket.destroy();
    return;
  }
  if (last === undefined) res.flushHeaders();
  else res.write(last);
  const { drainLimitBytes: bytes, lingerMs: idleMs, drainTimeoutMs: wholeMs } = settings;
  const outcome = await body.discard({ bytes, idleMs, wholeMs });
  if (outcome === 'over_limit') await lingered(exchange);
  res.end();
}

function end(res: ServerResponse, last: Uint8Array | undefined): void {
  if (last === undefined) res.end();
  else res.end(last);
}

/** A client that sent more than is dropped gets a moment to read the answer before the connection is torn down. */
async function lingered({ res, settings }: Exchange): Promise<void> {
  if (res.destroyed) return;
  await once(res, 'close', { signal: AbortSignal.timeout(settings.lingerMs) }).catch(() => undefined);
}
