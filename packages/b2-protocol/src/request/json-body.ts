import { ByteStreamError, collect, parseStrictJson, type ByteStream } from '@coffer/bytes';
import { B2Error, badRequest } from '../errors/b2-error.ts';

/** Bytes; the longest JSON of a request. The longest that makes sense is `b2_finish_large_file` with 10,000 SHA-1s. */
const maxJsonBytes = 2 ** 20;

/**
 * The JSON of a request's body, whatever its `Content-Type` says.
 *
 * @throws B2Error `bad_json` if it is no JSON; `bad_request`, with the path, for a key that comes twice or must not be there.
 */
export async function readJson(body: ByteStream, declared: number | undefined): Promise<unknown> {
  if (declared !== undefined && declared > maxJsonBytes) throw tooLong();
  const bytes = await collect(body, maxJsonBytes).catch((error: unknown) => {
    throw error instanceof ByteStreamError ? tooLong() : error;
  });
  try {
    const read = parseStrictJson(decodeUtf8(bytes));
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

function tooLong(): B2Error {
  return badRequest(`The body of the request is longer than ${maxJsonBytes} bytes`);
}
