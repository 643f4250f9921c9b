import { printJson } from '@coffer/b2-schema';
import type { HeaderPair, HttpRequest, HttpResponse } from '@coffer/http';
import type { B2Error } from '../errors/b2-error.ts';
import type { RequestRecord } from './request-record.ts';

const encoder = new TextEncoder();
const noStore: HeaderPair = ['Cache-Control', 'max-age=0, no-cache, no-store'];

/** The answer of a JSON operation or an upload. */
export function jsonResponse(value: object): HttpResponse {
  return {
    status: 200,
    headers: [['Content-Type', 'application/json;charset=UTF-8'], noStore],
    body: encoder.encode(printJson(value)),
  };
}

/** An error's answer (B2 docs "Calling the API"); one to HEAD has no body. */
export function errorResponse(error: B2Error, request: HttpRequest, record: RequestRecord): HttpResponse {
  const { status, code, message } = error;
  const headers: HeaderPair[] = [
    ['Content-Type', 'application/json;charset=utf-8'],
    noStore,
    ...error.headers,
    // As the service does; here only where the client still sends what nobody will read.
    ...(status === 400 && record.body.hasRest ? [['Connection', 'close'] as const] : []),
  ];
  if (request.method === 'HEAD') return { status, headers };
  const shown = code === 'internal_error' ? `${message}; request id ${record.requestId}` : message;
  return { status, headers, body: encoder.encode(printJson({ status, code, message: shown })) };
}
