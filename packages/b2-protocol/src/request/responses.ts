import { printJson, printJsonInPieces } from '@coffer/b2-schema';
import { streamOf, type SizedStream } from '@coffer/bytes';
import type { HeaderPair, HttpRequest, HttpResponse } from '@coffer/http';
import { nextTurn } from '@coffer/storage-core';
import type { B2Error } from '../errors/b2-error.ts';
import type { RequestRecord } from './request-record.ts';

const encoder = new TextEncoder();
const noStore: HeaderPair = ['Cache-Control', 'max-age=0, no-cache, no-store'];

/** Rows of a list that are printed in one go: one bucket may have some hundred KiB of rules. */
const rowsAtOnce = 1;
/** Characters of an answer that are printed before everybody else has a turn. */
const pieceLength = 65_536;

/** The answer of a JSON operation or an upload. A long one is printed bit by bit, and its body is a stream. */
export async function jsonResponse(value: object): Promise<HttpResponse> {
  const pieces: Uint8Array[] = [];
  let text = '';
  for (const printed of printJsonInPieces(value, rowsAtOnce)) {
    text += printed;
    if (text.length < pieceLength) continue;
    pieces.push(encoder.encode(text));
    text = '';
    await nextTurn();
  }
  const rest = encoder.encode(text);
  const body = pieces.length === 0 ? rest : inPieces([...pieces, rest]);
  return { status: 200, headers: [['Content-Type', 'application/json;charset=UTF-8'], noStore], body };
}

function inPieces(pieces: readonly Uint8Array[]): SizedStream {
  return { stream: streamOf(...pieces), length: pieces.reduce((sum, piece) => sum + piece.length, 0) };
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
