import { EnvelopeError } from './envelope-error.ts';
import type { RecordedChecksums } from './encryption-record.ts';

const sha1Length = 20;
const md5Length = 16;

/**
 * Makes the masks that checksums of encrypted data are stored under, with one global key. Without waiting, since a page of a listing
 * takes one for each of its rows; to be asked for again for each turn of the event loop, since a key may go.
 */
export interface ChecksumMasks {
  /**
   * `HMAC-SHA-512(checksum key, "coffer/checksum/v1" ‖ 0x00 ‖ blobId)`, 64 bytes. A blob's id is never used twice, and so no mask is.
   *
   * @throws Error once the global key was wiped.
   */
  maskOf(blobId: string): Uint8Array;
}

/** Masks checksums, or unmasks them: either undoes the other. */
export function maskChecksums(masks: ChecksumMasks, blobId: string, checksums: RecordedChecksums): RecordedChecksums {
  const { sha1, sha1Verified, md5 } = checksums;
  if (sha1 === null && md5 === null) return checksums;
  const mask = masks.maskOf(blobId);
  return {
    sha1: sha1 && masked(sha1, mask, 0, sha1Length),
    sha1Verified,
    md5: md5 && masked(md5, mask, sha1Length, md5Length),
  };
}

function masked(bytes: Uint8Array, mask: Uint8Array, from: number, length: number): Uint8Array {
  if (bytes.length !== length)
    throw new EnvelopeError('malformed', `A checksum has ${length} bytes, not ${bytes.length}`);
  const result = new Uint8Array(length);
  // The indexes are in bounds; `?? 0` only satisfies the checker.
  for (let i = 0; i < length; i++) result[i] = (bytes[i] ?? 0) ^ (mask[from + i] ?? 0);
  return result;
}
