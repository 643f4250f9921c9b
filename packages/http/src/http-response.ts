import type { SizedStream } from '@coffer/bytes';
import type { HeaderPair } from './header-list.ts';
import type { HttpRequest } from './http-request.ts';

/**
 * An answer. `Content-Length` is derived from the body and `Date` is added by the adapter, so a handler sets neither;
 * the one exception is an answer to HEAD, see {@link headOf}. The only value of a `Connection` header that has an
 * effect is `close`.
 */
export interface HttpResponse {
  /** A final status code, 200 to 599. */
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  /**
   * Absent: no content. A stream must yield exactly its length; an adapter breaks the transfer visibly otherwise. The
   * answer's receiver owns the stream and ends it (`return()`) even where it is never sent.
   */
  readonly body?: Uint8Array | SizedStream;
}

/** Answers a request. A rejection is answered with status 500 and no details, so a handler maps the errors it knows. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * The answer to HEAD where `response` is the answer to GET: the content's length is declared and the content released.
 */
export function headOf(response: HttpResponse): HttpResponse {
  const { status, headers, body } = response;
  releaseBody(body);
  const declared = headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { status, headers: [...declared, ['Content-Length', String(body?.length ?? 0)]] };
}

/** Ends a body that will not be read, so that its producer lets go of what it holds. */
export function releaseBody(body: HttpResponse['body']): void {
  if (body === undefined || body instanceof Uint8Array) return;
  const released = body.stream[Symbol.asyncIterator]().return?.();
  // Nobody waits for the clean-up, so there is nobody to report its failure to.
  released?.catch(() => undefined);
}
