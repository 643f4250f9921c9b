import { createHash, hash } from 'node:crypto';
import { constantTimeEqual, type ByteRange } from '@coffer/bytes';
import { EnvelopeError, type BlobSource, type SealedPart } from '@coffer/envelope-crypto';

/**
 * The bytes `range` of a blob that is in memory and not encrypted. All of it is compared with the SHA-1 in the record,
 * whatever the range.
 *
 * @throws EnvelopeError `not_authentic` if it is not the blob that the record names.
 */
export function plainBytes(bytes: Uint8Array, part: SealedPart, range: ByteRange): Iterable<Uint8Array> {
  requireLength(bytes.length, part);
  requireSha1(hash('sha1', bytes, 'buffer'), part);
  return range.length === 0 ? [] : [bytes.subarray(range.start, range.start + range.length)];
}

/**
 * The bytes `range` of a blob that is not encrypted. Read as a whole it is compared with the SHA-1 in the record, and
 * its end is held back until that has been found right. Nothing but the length can be compared for a part of it.
 *
 * @throws EnvelopeError `not_authentic`, from the stream. Errors of `source` pass through.
 */
export async function* plainRange(
  source: BlobSource,
  part: SealedPart,
  range: ByteRange,
): AsyncGenerator<Uint8Array, void> {
  requireLength(source.length, part);
  if (range.length === part.size) yield* wholeBlob(source, part);
  else if (range.length > 0) yield* await source.read(range);
}

async function* wholeBlob(source: BlobSource, part: SealedPart): AsyncGenerator<Uint8Array, void> {
  const digest = createHash('sha1');
  let left = part.size;
  for await (const piece of await source.read({ start: 0, length: part.size })) {
    digest.update(piece);
    left -= piece.length;
    if (left <= 0) requireSha1(digest.digest(), part);
    yield piece;
  }
}

function requireLength(length: number, { size }: SealedPart): void {
  if (length !== size) throw new EnvelopeError('not_authentic', `The blob has ${length} bytes instead of ${size}`);
}

function requireSha1(digest: Uint8Array, { blobCheck }: SealedPart): void {
  if (!constantTimeEqual(digest, blobCheck))
    throw new EnvelopeError('not_authentic', 'The content of the blob is not the one that its record names');
}
