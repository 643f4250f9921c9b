import { EnvelopeError } from './envelope-error.ts';
import type { RecordedChecksums, RecordedFurtherChecksum } from './encryption-record.ts';
import { checksumLengths } from './checksum-lengths.ts';

const sha1Length = 20;
const md5Length = 16;

/**
 * Makes the masks that checksums of encrypted data are stored under, with one global key. Without waiting, since a page
 * of a listing takes one for each of its rows; to be asked for again for each turn of the event loop, since a key may
 * go.
 */
export interface ChecksumMasks {
  /**
   * `HMAC-SHA-512(checksum key, "coffer/checksum/v1" ‖ 0x00 ‖ blobId)`, 64 bytes. A blob's id is never used twice, and
   * so no mask is. They may lie in the memory of the mask before, and are to be used before the next one is asked for.
   *
   * @throws SecretError `secret_wiped` once the global key was wiped.
   */
  maskOf(blobId: string): Uint8Array;
}

/** Masks checksums, or unmasks them: either undoes the other. */
export function maskChecksums(masks: ChecksumMasks, blobId: string, checksums: RecordedChecksums): RecordedChecksums {
  const { sha1, sha1Verified, md5, further } = checksums;
  if (further !== undefined)
    return { ...maskDigests(masks, blobId, checksums), further: maskFurther(masks, blobId, further) };
  if (sha1 === null && md5 === null) return checksums;
  return maskDigests(masks, blobId, { sha1, sha1Verified, md5 });
}

function maskDigests(
  masks: ChecksumMasks,
  blobId: string,
  { sha1, sha1Verified, md5 }: RecordedChecksums,
): RecordedChecksums {
  const mask = masks.maskOf(blobId);
  return {
    sha1: sha1 && masked(sha1, mask, 0, sha1Length),
    sha1Verified,
    md5: md5 && masked(md5, mask, sha1Length, md5Length),
  };
}

/**
 * Masks a further checksum, or unmasks it. `id`: of the blob, or of the large file as a whole. Its mask is another one
 * than that of the digests, which does not have enough bytes.
 */
export function maskFurther(
  masks: ChecksumMasks,
  id: string,
  { algorithm, of, value }: RecordedFurtherChecksum,
): RecordedFurtherChecksum {
  return {
    algorithm,
    of,
    value: value && masked(value, masks.maskOf(`${id}\0further`), 0, checksumLengths[algorithm]),
  };
}

/** Masks the entity tag of a large file, or unmasks it. */
export function maskEntityTag(masks: ChecksumMasks, fileId: string, entityTag: Uint8Array): Uint8Array {
  return masked(entityTag, masks.maskOf(`${fileId}\0entity-tag`), 0, md5Length);
}

/** Checksums as they are shown, in lower-case hexadecimal. */
export interface ShownChecksums {
  readonly sha1: string | null;
  readonly md5: string | null;
}

/** Both digests of one version, in memory that the next one uses again: a page of a listing shows a thousand. */
const scratch = Buffer.alloc(sha1Length + md5Length);

/**
 * Unmasks checksums, as {@link maskChecksums} does, and prints them.
 *
 * @throws EnvelopeError `malformed` for one of another length.
 */
export function unmaskedHex(masks: ChecksumMasks, blobId: string, { sha1, md5 }: RecordedChecksums): ShownChecksums {
  if (sha1 === null && md5 === null) return { sha1, md5 };
  const mask = masks.maskOf(blobId);
  return {
    sha1: sha1 && hexUnder(sha1, mask, 0, sha1Length),
    md5: md5 && hexUnder(md5, mask, sha1Length, md5Length),
  };
}

function hexUnder(bytes: Uint8Array, mask: Uint8Array, from: number, length: number): string {
  applyMask(bytes, mask, from, length, scratch);
  return scratch.toString('hex', 0, length);
}

function masked(bytes: Uint8Array, mask: Uint8Array, from: number, length: number): Uint8Array {
  const result = new Uint8Array(length);
  applyMask(bytes, mask, from, length, result);
  return result;
}

function applyMask(bytes: Uint8Array, mask: Uint8Array, from: number, length: number, result: Uint8Array): void {
  if (bytes.length !== length)
    throw new EnvelopeError('malformed', `A checksum has ${length} bytes, not ${bytes.length}`);
  // The indexes are in bounds; `?? 0` only satisfies the checker.
  for (let i = 0; i < length; i++) result[i] = (bytes[i] ?? 0) ^ (mask[from + i] ?? 0);
}
