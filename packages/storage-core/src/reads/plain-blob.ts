import { hash } from 'node:crypto';
import { constantTimeEqual, followStream, type ByteRange, type ByteStream, type StreamPart } from '@coffer/bytes';
import { EnvelopeError, type BlobSource, type SealedPart } from '@coffer/envelope-crypto';
import type { Digests } from '../core/digests.ts';

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
 * @throws EnvelopeError `not_authentic`: at once for the length, from the stream for the SHA-1. Errors of `source` pass
 * through.
 */
export async function plainRange(
  source: BlobSource,
  part: SealedPart,
  range: ByteRange,
  digests: Digests,
): Promise<StreamPart> {
  requireLength(source.length, part);
  if (range.length === 0) return [];
  const stream = await source.read(range);
  return range.length === part.size ? wholeBlob(stream, part, digests) : stream;
}

function wholeBlob(stream: ByteStream, part: SealedPart, digests: Digests): ByteStream {
  const digest = digests.of({ sha1: true, md5: false }, part.size);
  let left = part.size;
  const onBytes = async (bytes: Uint8Array): Promise<void> => {
    // Waited for before the consumer gets the bytes, since it may change them. Meanwhile it sends those before.
    await digest.update(bytes);
    left -= bytes.length;
    if (left <= 0) requireSha1(digest.finish().sha1 ?? new Uint8Array(0), part);
  };
  return followStream(stream, { onBytes });
}

function requireLength(length: number, { size }: SealedPart): void {
  if (length !== size) throw new EnvelopeError('not_authentic', `The blob has ${length} bytes instead of ${size}`);
}

function requireSha1(digest: Uint8Array, { blobCheck }: SealedPart): void {
  if (!constantTimeEqual(digest, blobCheck))
    throw new EnvelopeError('not_authentic', 'The content of the blob is not the one that its record names');
}
