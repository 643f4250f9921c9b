import { ByteStreamError, collect, type ByteStream } from '@coffer/bytes';
import { B2Error, badRequest } from '../errors/b2-error.ts';

/** Bytes; the longest JSON of a request. The longest that makes sense is `b2_finish_large_file` with 10,000 SHA-1s. */
const maxJsonBytes = 2 ** 20;

/** The JSON of a request's body, whatever its `Content-Type` says. */
export async function readJson(body: ByteStream, declared: number | undefined): Promise<unknown> {
  if (declared !== undefined && declared > maxJsonBytes) throw tooLong();
  const bytes = await collect(body, maxJsonBytes).catch((error: unknown) => {
    throw error instanceof ByteStreamError ? tooLong() : error;
  });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    // The parser's own message quotes the body, which may hold a customer key.
    throw new B2Error('bad_json', 'The body of the request is not JSON in UTF-8');
  } finally {
    bytes.fill(0);
  }
}

function tooLong(): B2Error {
  return badRequest(`The body of the request is longer than ${maxJsonBytes} bytes`);
}
