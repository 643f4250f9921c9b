import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { streamOf } from '@coffer/bytes';
import { HeaderList, type HeaderPair } from '../header-list.ts';
import type { HttpPeer, HttpRequest } from '../http-request.ts';
import type { IncomingBody } from './incoming-body.ts';

/** The message as the handlers' request. */
export function nodeRequest(message: IncomingMessage, body: IncomingBody, signal: AbortSignal): HttpRequest {
  return {
    method: message.method ?? '',
    target: message.url ?? '',
    headers: new HeaderList(headerPairsOf(message.rawHeaders)),
    body: hasContent(message) ? body : streamOf(),
    contentLength: contentLengthOf(message),
    signal,
    peer: peerOf(message.socket),
  };
}

/** Whether the request has content at all (RFC 9112 section 6.3). */
export function hasContent(message: IncomingMessage): boolean {
  return message.headers['transfer-encoding'] !== undefined || (contentLengthOf(message) ?? 0) > 0;
}

/** The declared length; Node's parser has already refused whatever is not a single decimal number. */
export function contentLengthOf(message: IncomingMessage): number | undefined {
  const declared = message.headers['content-length'];
  return declared === undefined ? undefined : Number(declared);
}

/** Bytes of target and header lines as they were sent. */
export function headerBytesOf(message: IncomingMessage): number {
  // Two bytes of separator and two of line end per line, so two per name and two per value.
  return message.rawHeaders.reduce((sum, text) => sum + text.length + 2, message.url?.length ?? 0);
}

function headerPairsOf(raw: readonly string[]): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? '']);
  return pairs;
}

function peerOf(socket: Socket): HttpPeer {
  const address = socket.remoteAddress ?? '';
  return { address, loopback: isLoopback(address), secure: 'encrypted' in socket && socket.encrypted === true };
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
