import { stage, type ByteStream } from '@coffer/bytes';
import { S3Error } from '../values/s3-error.ts';

/** How long the file of a form may be, in bytes, both inclusive. */
export interface FileBounds {
  readonly minBytes: number;
  readonly maxBytes: number;
}

/**
 * The file, refused if it is longer, as soon as that is known, or shorter. What was given out of it before counts only
 * if the stream ends without an error.
 *
 * @throws S3Error `EntityTooLarge`, `EntityTooSmall`
 */
export function boundFile(file: ByteStream, { minBytes, maxBytes }: FileBounds): ByteStream {
  return stage(file, async function* (pieces) {
    let length = 0;
    for await (const piece of pieces) {
      length += piece.length;
      if (length > maxBytes) throw new S3Error('EntityTooLarge', { details: { MaxSizeAllowed: maxBytes } });
      yield piece;
    }
    if (length < minBytes)
      throw new S3Error('EntityTooSmall', { details: { ProposedSize: length, MinSizeAllowed: minBytes } });
  });
}
