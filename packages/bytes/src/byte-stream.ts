/**
 * A stream of bytes, read once: the consumer pulls, one piece is in flight, and leaving the loop early runs the
 * producer's `finally`. Pieces have any size, zero included; the consumer may keep a piece.
 *
 * An async generator that was never pulled runs no `finally` when it is left, so a producer opens what it has to close
 * only when it is first pulled, or brings its own `return()`.
 */
export type ByteStream = AsyncIterable<Uint8Array>;

/** A stream together with the number of bytes it will yield. */
export interface SizedStream {
  readonly stream: ByteStream;
  /** Bytes in the stream. */
  readonly length: number;
}

/** A stream whose length nobody knows before it has ended. */
export interface UnsizedStream {
  readonly stream: ByteStream;
  readonly length: undefined;
  /** The most bytes that it may have; whoever reads it refuses what is longer. */
  readonly maximum: number;
}

/** Why a stream was refused: it ended early, went on too long, or exceeded a limit. */
export class ByteStreamError extends Error {
  override readonly name = 'ByteStreamError';
  readonly code: 'stream_too_short' | 'stream_too_long';

  constructor(code: ByteStreamError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** A stream of the given pieces. */
// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable without anything to wait for
export async function* streamOf(...pieces: readonly Uint8Array[]): ByteStream & AsyncGenerator<Uint8Array, void> {
  yield* pieces;
}

/**
 * Everything in the stream as one array, at most `limit` bytes. It may be the stream's own piece.
 *
 * @throws ByteStreamError `stream_too_long` as soon as the limit is exceeded.
 *
 * @example
 * ```ts
 * const stream = streamOf(new Uint8Array([1, 2]), new Uint8Array([3]));
 * assert.deepEqual(await collect(stream, 10), new Uint8Array([1, 2, 3]));
 * await assert.rejects(collect(streamOf(new Uint8Array(11)), 10), { code: 'stream_too_long' });
 * ```
 */
export async function collect(stream: ByteStream, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > limit) throw new ByteStreamError('stream_too_long', `More than ${limit} bytes`);
    pieces.push(piece);
  }
  return concatBytes(pieces, length);
}

/** The pieces as one array of `length` bytes, their sum; a single piece is returned itself, not copied. */
export function concatBytes(
  pieces: readonly Uint8Array[],
  length = pieces.reduce((sum, piece) => sum + piece.length, 0),
): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const all = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    all.set(piece, offset);
    offset += piece.length;
  }
  return all;
}
