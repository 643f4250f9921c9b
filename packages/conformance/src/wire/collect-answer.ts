import type { IncomingMessage } from 'node:http';
import { ConformanceError } from '../model/conformance-error.ts';
import type { WireAnswer } from './transport.ts';

/**
 * Bytes of the longest answer that is collected. The longest that a case reads back are one part of the smallest size,
 * 5 MB at most products, and some 250 KB; this leaves room for endpoints whose smallest part is much larger.
 */
const longestBody = 64 * 1024 * 1024;

/** Reads an answer to its end. @throws ConformanceError `connection` if it is longer than anything that was sent. */
export async function collectAnswer(response: IncomingMessage): Promise<WireAnswer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > longestBody) throw new ConformanceError('connection', 'the answer is longer than any content sent');
    pieces.push(piece);
  }
  return { status: response.statusCode ?? 0, headers: headersOf(response), body: Buffer.concat(pieces) };
}

function headersOf({ headersDistinct }: IncomingMessage): ReadonlyMap<string, string> {
  const lines = Object.entries(headersDistinct);
  return new Map(lines.map(([name, values]) => [name, (values ?? []).join(', ')]));
}
