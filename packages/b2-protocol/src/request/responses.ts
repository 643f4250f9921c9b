import { printJson, printJsonInPieces } from '@coffer/b2-schema';
import type { HeaderPair, HttpRequest, HttpResponse } from '@coffer/http';
import { nextTurn } from '@coffer/storage-core';
import type { B2Error } from '../errors/b2-error.ts';
import { PrintedRows } from './printed-rows.ts';
import { PrintedText } from './printed-text.ts';
import type { RequestRecord } from './request-record.ts';

const encoder = new TextEncoder();
const noStore: HeaderPair = ['Cache-Control', 'max-age=0, no-cache, no-store'];

/** Rows of a list that are printed in one go: one bucket may have some hundred KiB of rules. */
const rowsAtOnce = 1;

/** The answer of a JSON operation or an upload. A long one is printed bit by bit, and its body is a stream. */
export async function jsonResponse(value: object): Promise<HttpResponse> {
  const text = new PrintedText();
  for (const printed of printJsonInPieces(value, rowsAtOnce, isPrintedRows)) {
    if (typeof printed !== 'string') text.append(printed.text);
    else if (text.add(printed)) await nextTurn();
  }
  return { status: 200, headers: [['Content-Type', 'application/json;charset=UTF-8'], noStore], body: text.body() };
}

function isPrintedRows(member: unknown): member is PrintedRows {
  return member instanceof PrintedRows;
}

/** An error's answer (B2 docs "Calling the API"); one to HEAD has no body. */
export function errorResponse(error: B2Error, request: HttpRequest, record: RequestRecord): HttpResponse {
  const { status, code, message } = error;
  const headers: HeaderPair[] = [
    ['Content-Type', 'application/json;charset=utf-8'],
    noStore,
    ...error.headers,
    // The service closes the connection too; here only if the client is still sending a body that nobody will read, or
    // was too slow to send it.
    ...((status === 400 || status === 408) && record.body.hasRest ? [['Connection', 'close'] as const] : []),
  ];
  if (request.method === 'HEAD') return { status, headers };
  const shown = code === 'internal_error' ? `${message}; request id ${record.requestId}` : message;
  return { status, headers, body: encoder.encode(printJson({ status, code, message: shown })) };
}
