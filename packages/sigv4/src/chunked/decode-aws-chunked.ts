import { concatBytes, type ByteStream } from '@coffer/bytes';
import type { HeaderPair } from '../request/header-lines.ts';
import { ChunkParser, type ChunkedBody } from './chunk-parser.ts';

/** Data that is shorter is put together: a client that sends chunks of single bytes must not make a piece of each. */
const shortData = 1024;

/** The data of an aws-chunked body, read once. */
export interface DecodedBody extends AsyncIterableIterator<Uint8Array> {
  /** The trailers in their order, names in lower case, when the stream has ended; before that undefined. */
  readonly trailers: readonly HeaderPair[] | undefined;
}

/**
 * Takes the framing off an aws-chunked body, with memory for one line whatever the sizes of chunks. The pieces share
 * memory with those of the body.
 *
 * Data is given out before the signature of its chunk is known, since a chunk may be of any size: whoever stores it
 * commits only when the stream has ended without an error. The values of trailers are base64 of the right length; the
 * caller compares them with the data. When the stream ends or is left, `signatures` are wiped.
 *
 * @throws SigV4Error from the stream: `IncompleteBody` for wrong framing or another length than announced,
 * `SignatureDoesNotMatch`, `MalformedTrailerError` for other trailers than announced, `InvalidRequest` for a trailer
 * that is no value of its checksum. Errors of the body are passed on as they are.
 *
 * @example
 * ```ts
 * const body = streamOf(new TextEncoder().encode('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n'));
 * const announced = { decodedLength: 5, trailers: ['x-amz-checksum-crc32'] };
 * const decoded = decodeAwsChunked(body, { ...announced, signatures: undefined });
 * assert.equal(new TextDecoder().decode(await collect(decoded, 5)), 'hello');
 * assert.deepEqual(decoded.trailers, [['x-amz-checksum-crc32', 'NhCmhg==']]);
 * ```
 */
export function decodeAwsChunked(body: ByteStream, options: ChunkedBody): DecodedBody {
  return new Decoder(body, options);
}

/** No generator, since one that is left before it is first pulled would neither end the body nor wipe the key. */
class Decoder implements DecodedBody {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #parser: ChunkParser;
  readonly #options: ChunkedBody;
  #ready: Uint8Array[] = [];
  #ended = false;
  #trailers: readonly HeaderPair[] | undefined;

  constructor(body: ByteStream, options: ChunkedBody) {
    this.#source = body[Symbol.asyncIterator]();
    this.#parser = new ChunkParser(options);
    this.#options = options;
  }

  get trailers(): readonly HeaderPair[] | undefined {
    return this.#trailers;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (!this.#ended) {
      const value = this.#ready.shift();
      if (value !== undefined) return { done: false, value };
      const piece = await this.#pull();
      if (piece !== undefined) this.#ready = inFewPieces(await this.#orEnd(() => this.#parser.feed(piece)));
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#ended) {
      this.#end();
      await this.#source.return?.();
    }
    return { done: true, value: undefined };
  }

  /** The next piece of the body; undefined when it has ended as it should. */
  async #pull(): Promise<Uint8Array | undefined> {
    try {
      const step = await this.#source.next();
      if (step.done !== true) return step.value;
      this.#trailers = this.#parser.finish();
      this.#end();
      return undefined;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  /** An error of the parser leaves the body. */
  async #orEnd<T>(parse: () => T): Promise<T> {
    try {
      return parse();
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  #end(): void {
    this.#ended = true;
    this.#ready = [];
    this.#options.signatures?.wipe();
  }
}

/** The same data, neighbours that are short put together. */
function inFewPieces(data: readonly Uint8Array[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let short: Uint8Array[] = [];
  const join = () => {
    if (short.length > 0) pieces.push(concatBytes(short));
    short = [];
  };
  for (const one of data) {
    if (one.length < shortData) {
      short.push(one);
      continue;
    }
    join();
    pieces.push(one);
  }
  join();
  return pieces;
}
