import { ByteStreamError, collect, parseStrictJson, type ByteStream } from '@coffer/bytes';
import { RequestBodyError } from '@coffer/http';
import { nextTurn } from '@coffer/storage-core';
import { B2Error, badRequest } from '../errors/b2-error.ts';

/** Bytes; the longest JSON of a request. The longest that makes sense is `b2_finish_large_file` with 10,000 SHA-1s. */
const maxJsonBytes = 2 ** 20;

/**
 * The most values in the JSON of a request, and the most keys of one object in it; reading and checking so many takes a
 * few milliseconds. The largest requests that make sense have 10,000 SHA-1s, or file info of 7,000 bytes in entries of
 * 11 bytes.
 */
const maxJsonValues = { values: 12_000, keys: 700 };

/**
 * Bytes. Reading longer JSON takes more than a fraction of a millisecond, so it waits for a turn of the event loop in
 * which no other long work is done.
 */
const shortJsonBytes = 2 ** 14;

/** Milliseconds in which the JSON of a request has to come, unless the server says otherwise. */
const defaultTimeoutMs = 30_000;

/**
 * The JSON of a request's body, whatever its `Content-Type` says. It has to come within the time as a whole: a client
 * that sends a byte now and then would hold its connection for ever.
 *
 * @throws B2Error `bad_json` if it is no JSON; `bad_request`, with the path, for a key that comes twice or must not be
 * there; or where there are too many values; RequestBodyError.
 */
export async function readJson(
  body: ByteStream,
  { declared, timeoutMs = defaultTimeoutMs }: { readonly declared: number | undefined; readonly timeoutMs?: number },
): Promise<unknown> {
  if (declared !== undefined && declared > maxJsonBytes) throw tooLong();
  const bytes = await collect(within(body, timeoutMs), maxJsonBytes).catch((error: unknown) => {
    throw error instanceof ByteStreamError ? tooLong() : error;
  });
  try {
    if (bytes.length > shortJsonBytes) await nextTurn();
    const read = parseStrictJson(decodeUtf8(bytes), maxJsonValues);
    if (read.ok) return read.value;
    throw read.problem === 'syntax' ? notJson() : badRequest(read.message);
  } finally {
    bytes.fill(0);
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson();
  }
}

/** The parser's own message would quote the body, which may hold a customer key. */
function notJson(): B2Error {
  return new B2Error('bad_json', 'The body of the request is not JSON in UTF-8');
}

/** The stream; it fails with `timeout` if it has not ended in time. */
async function* within(body: ByteStream, timeoutMs: number): AsyncGenerator<Uint8Array, void> {
  const source = body[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new RequestBodyError('timeout', `The body was not complete within ${timeoutMs} ms`));
    }, timeoutMs).unref();
  });
  overdue.catch(() => undefined);
  try {
    for (;;) {
      const piece = await Promise.race([source.next(), overdue]);
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    clearTimeout(timer);
    // Not awaited: the source may still be waiting for the piece that is overdue.
    source.return?.().catch(() => undefined);
  }
}

function tooLong(): B2Error {
  return badRequest(`The body of the request is longer than ${maxJsonBytes} bytes`);
}
