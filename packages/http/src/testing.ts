import { collect, streamOf, type ByteStream } from '@coffer/bytes';
import { HeaderList, type HeaderPair, type HeaderValue } from './header-list.ts';
import type { HttpPeer, HttpRequest } from './http-request.ts';
import type { HttpResponse } from './http-response.ts';

/** What a test sets of a request; everything else is as in a plain `GET /` from a loopback address. */
export interface TestRequest {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: HeaderList | readonly HeaderPair[] | Readonly<Record<string, HeaderValue>>;
  /** Text is sent as UTF-8. */
  readonly body?: ByteStream | Uint8Array | string;
  /** By default the length of a body given as bytes or text. No `Content-Length` header is added. */
  readonly contentLength?: number | undefined;
  readonly signal?: AbortSignal;
  readonly peer?: Partial<HttpPeer>;
}

/** A request for a handler under test. */
export function testRequest(given: TestRequest = {}): HttpRequest {
  const body = typeof given.body === 'string' ? new TextEncoder().encode(given.body) : given.body;
  const bytes = body instanceof Uint8Array ? body : undefined;
  return {
    method: given.method ?? 'GET',
    target: given.target ?? '/',
    headers: headerList(given.headers),
    body: body instanceof Uint8Array ? streamOf(body) : (body ?? streamOf()),
    contentLength: 'contentLength' in given ? given.contentLength : bytes?.length,
    signal: given.signal ?? new AbortController().signal,
    peer: { address: '127.0.0.1', loopback: true, secure: false, ...given.peer },
  };
}

/** The answer's content, at most `limit` bytes (1 MiB by default). */
export async function responseBytes(response: HttpResponse, limit = 2 ** 20): Promise<Uint8Array> {
  const { body } = response;
  if (body === undefined) return new Uint8Array();
  return body instanceof Uint8Array ? body : collect(body.stream, limit);
}

function headerList(given: TestRequest['headers']): HeaderList {
  if (given === undefined) return new HeaderList([]);
  if (given instanceof HeaderList) return given;
  return isPairs(given) ? new HeaderList(given) : HeaderList.from(given);
}

function isPairs(given: NonNullable<TestRequest['headers']>): given is readonly HeaderPair[] {
  return Array.isArray(given);
}
