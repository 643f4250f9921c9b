import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { formatHttpDate } from '../http-date.ts';
import { pipelineOf } from './exchange.ts';
import type { NodeHandlerSettings } from './options.ts';

const refused = new WeakSet<Socket>();

/**
 * Answers bytes that Node's parser could not read with an empty 400 (or 408, 413, 431) and closes the connection. While
 * other requests on it are not answered yet, the connection is only closed, since the client could take this answer for
 * one of theirs.
 */
export function refuse(error: Error, socket: Socket, settings: NodeHandlerSettings): void {
  // The parser complains again about each further piece.
  if (refused.has(socket)) return;
  const pipeline = pipelineOf(socket);
  if (statusOf(error) === 408 && pipeline.excuses(settings.bodyTimeoutMs)) return;
  refused.add(socket);
  const open = pipeline.members;
  const [exchange] = open;
  const unanswered = exchange === undefined || (open.length === 1 && !exchange.res.headersSent && !exchange.received);
  if (!socket.writable || !unanswered) {
    socket.destroy();
    return;
  }
  exchange?.leave();
  socket.end(rawAnswer(statusOf(error), settings.now()));
  const lingering = setTimeout(() => socket.destroy(), settings.lingerMs).unref();
  socket.once('close', () => {
    clearTimeout(lingering);
  });
}

function statusOf(error: Error): number {
  switch ('code' in error ? error.code : undefined) {
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 413;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    default:
      return 400;
  }
}

function rawAnswer(status: number, now: number): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Date: ${formatHttpDate(now)}`,
    'Content-Length: 0',
    'Connection: close',
    '\r\n',
  ].join('\r\n');
}
