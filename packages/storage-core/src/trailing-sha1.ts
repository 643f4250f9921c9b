import type { ByteStream } from '@coffer/bytes';

/** Hexadecimal digits that may follow the data of an upload (B2 docs, "Uploading Files": `hex_digits_at_end`). */
export const trailingSha1Length = 40;

/** The first `length` bytes of the stream; the rest, which must fit, goes into `trailer`. */
export async function* withoutTrailer(
  stream: ByteStream,
  length: number,
  trailer: Uint8Array,
): AsyncGenerator<Uint8Array, void> {
  let offset = 0;
  for await (const piece of stream) {
    const data = piece.subarray(0, Math.max(0, length - offset));
    trailer.set(piece.subarray(data.length), Math.max(0, offset - length));
    offset += piece.length;
    if (data.length > 0) yield data;
  }
}
