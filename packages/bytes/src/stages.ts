import { ByteStreamError, concatBytes, type ByteStream } from './byte-stream.ts';
import type { ByteRange } from './byte-range.ts';
import { endUnread, stage } from './stage.ts';

/** Anything that digests pieces in passing, such as `node:crypto`'s Hash. */
export interface ByteSink {
  update(piece: Uint8Array): unknown;
}

/**
 * Re-cuts a stream into pieces of exactly `size` bytes; only the last may be shorter, and an empty stream has none.
 * Pieces share memory with the input's, except where one is put together from several.
 *
 * @throws RangeError when first pulled, unless `size` is a positive integer.
 */
export function rechunk(stream: ByteStream, size: number): AsyncGenerator<Uint8Array, void> {
  return stage(stream, async function* (source) {
    if (!Number.isSafeInteger(size) || size < 1) {
      await endUnread(source);
      throw new RangeError(`Piece size must be a positive integer, not ${size}`);
    }
    let held: Uint8Array[] = [];
    let heldLength = 0;
    for await (const piece of source) {
      let rest = piece;
      while (heldLength + rest.length >= size) {
        const take = size - heldLength;
        held.push(rest.subarray(0, take));
        yield concatBytes(held, size);
        held = [];
        heldLength = 0;
        rest = rest.subarray(take);
      }
      if (rest.length > 0) {
        held.push(rest);
        heldLength += rest.length;
      }
    }
    if (heldLength > 0) yield concatBytes(held, heldLength);
  });
}

/** Passes the stream through while giving every piece to each sink. */
export function tap(stream: ByteStream, ...sinks: readonly ByteSink[]): AsyncGenerator<Uint8Array, void> {
  return stage(stream, async function* (source) {
    for await (const piece of source) {
      for (const sink of sinks) sink.update(piece);
      yield piece;
    }
  });
}

/**
 * Passes through at most `limit` bytes.
 *
 * @throws ByteStreamError `stream_too_long` instead of yielding the piece that goes over.
 */
export function limitLength(stream: ByteStream, limit: number): AsyncGenerator<Uint8Array, void> {
  return stage(stream, async function* (source) {
    let length = 0;
    for await (const piece of source) {
      length += piece.length;
      if (length > limit) throw new ByteStreamError('stream_too_long', `More than ${limit} bytes`);
      yield piece;
    }
  });
}

/**
 * Passes through exactly `length` bytes.
 *
 * @throws ByteStreamError `stream_too_long` or `stream_too_short`, before the stream's end is reported.
 */
export function exactLength(stream: ByteStream, length: number): AsyncGenerator<Uint8Array, void> {
  return stage(stream, async function* (source) {
    let seen = 0;
    for await (const piece of source) {
      seen += piece.length;
      if (seen > length) throw new ByteStreamError('stream_too_long', `More than ${length} bytes`);
      yield piece;
    }
    if (seen < length)
      throw new ByteStreamError('stream_too_short', `The stream ended after ${seen} of ${length} bytes`);
  });
}

/**
 * The bytes of `range` out of the stream; reading stops with the last of them, and an empty range reads nothing.
 *
 * @throws ByteStreamError `stream_too_short` if the stream ends inside the range.
 */
export function sliceStream(stream: ByteStream, range: ByteRange): AsyncGenerator<Uint8Array, void> {
  return stage(stream, async function* (source) {
    let skip = range.start;
    let left = range.length;
    if (left === 0) {
      await endUnread(source);
      return;
    }
    for await (const piece of source) {
      if (skip >= piece.length) {
        skip -= piece.length;
        continue;
      }
      const part = piece.subarray(skip, skip + left);
      skip = 0;
      left -= part.length;
      yield part;
      if (left === 0) return;
    }
    throw new ByteStreamError('stream_too_short', `The stream ended ${skip + left} bytes before the range did`);
  });
}

/** Passes the stream through, rejecting with the signal's reason at the first piece after it aborted. */
export function abortable(stream: ByteStream, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  return stage(stream, async function* (source) {
    if (signal.aborted) await endUnread(source);
    signal.throwIfAborted();
    for await (const piece of source) {
      signal.throwIfAborted();
      yield piece;
    }
  });
}
