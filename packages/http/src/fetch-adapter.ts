import { exactLength, fromWebStream, streamOf, toWebStream, type ByteStream } from '@coffer/bytes';
import { HeaderList } from './header-list.ts';
import type { HttpPeer, HttpRequest } from './http-request.ts';
import { headOf, releaseBody, type HttpHandler, type HttpResponse } from './http-response.ts';
import { RequestBodyError } from './request-body-error.ts';

const unknownPeer: HttpPeer = { address: '', loopback: false, secure: false };
const statusesWithoutContent = new Set([204, 205, 304]);

/**
 * A handler as a function of the Fetch standard's Request. Three things differ from a request that came over a socket:
 * the URL parser has normalised the target, header names are in lower case, and repeated headers are joined. A
 * handler's rejection is passed on.
 *
 * @returns A function of the request and, where the caller knows it, the peer; by default a peer without address or
 * TLS.
 */
export function toFetchHandler(handler: HttpHandler): (request: Request, peer?: HttpPeer) => Promise<Response> {
  return async (request, peer) => toFetchResponse(await handler(fromFetchRequest(request, peer)), request.method);
}

/** A Fetch request as the handler's; the body is taken over. */
export function fromFetchRequest(request: Request, peer: HttpPeer = unknownPeer): HttpRequest {
  const headers = new HeaderList([...request.headers]);
  const contentLength = parseContentLength(headers.get('content-length'));
  return {
    method: request.method,
    target: targetOf(request.url),
    headers,
    body: request.body === null ? streamOf() : requestBody(fromWebStream(request.body), contentLength),
    contentLength,
    signal: request.signal,
    peer,
  };
}

function toFetchResponse(response: HttpResponse, method: string): Response {
  const { status, headers, body } = method === 'HEAD' && response.body !== undefined ? headOf(response) : response;
  const sent = new Headers();
  for (const [name, value] of headers) sent.append(name, value);
  if (method === 'HEAD' || statusesWithoutContent.has(status)) {
    releaseBody(body);
    return new Response(null, { status, headers: sent });
  }
  sent.set('Content-Length', String(body?.length ?? 0));
  return new Response(fetchBody(body), { status, headers: sent });
}

function fetchBody(body: HttpResponse['body']): ReadableStream<Uint8Array> | Uint8Array | null {
  if (body === undefined || body instanceof Uint8Array) return body ?? null;
  return toWebStream(exactLength(body.stream, body.length));
}

async function* requestBody(stream: ByteStream, declared: number | undefined): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  for await (const piece of passFailures(stream)) {
    length += piece.length;
    if (declared !== undefined && length > declared)
      throw new RequestBodyError('too_long', `More than ${declared} bytes`);
    yield piece;
  }
  if (declared !== undefined && length < declared)
    throw new RequestBodyError('too_short', `The body ended after ${length} of ${declared} bytes`);
}

async function* passFailures(stream: ByteStream): AsyncGenerator<Uint8Array, void> {
  try {
    yield* stream;
  } catch (cause) {
    throw new RequestBodyError('aborted', 'The request body broke off', { cause });
  }
}

function parseContentLength(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** The URL's path and query as the URL parser left them. */
function targetOf(url: string): string {
  const { origin, hash } = new URL(url);
  return url.slice(origin.length, hash === '' ? undefined : url.length - hash.length);
}
