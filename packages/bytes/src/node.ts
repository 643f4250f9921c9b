import { Readable } from 'node:stream';
import type { ByteStream } from './byte-stream.ts';

/** A Node readable that pulls from `stream`; destroying it runs the producer's `finally`. */
export function toNodeReadable(stream: ByteStream): Readable {
  return Readable.from(stream, { objectMode: false });
}

/**
 * The bytes of a Node readable without an encoding; leaving the loop early destroys it.
 *
 * @throws TypeError if the readable yields anything but bytes.
 */
export async function* fromNodeReadable(readable: Readable): AsyncGenerator<Uint8Array, void> {
  for await (const piece of readable as AsyncIterable<unknown>) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('The readable yields something else than bytes');
    yield piece;
  }
}
