import type { ByteRange } from '@coffer/bytes';

/** Plaintext bytes of every chunk but the last, which always has fewer (c2sp.org/chunked-encryption). */
export const CHUNK_LENGTH = 16_384;
/** Bytes of an AES-256-GCM tag. */
export const TAG_LENGTH = 16;
/** Stored bytes of every chunk but the last. */
export const SEALED_CHUNK_LENGTH = CHUNK_LENGTH + TAG_LENGTH;
/** Random bytes that make every blob's keys its own, also when the same part is uploaded again. */
export const SALT_LENGTH = 24;
/** Bytes that commit a blob to its one key and context. */
export const COMMITMENT_LENGTH = 32;
/** Salt and commitment. */
export const HEADER_LENGTH = SALT_LENGTH + COMMITMENT_LENGTH;
/** The format counts chunks with 38 bits, which makes 4 PiB and keeps offsets within JavaScript's safe integers. */
export const MAX_CHUNKS = 2 ** 38;
/** The largest plaintext: one byte less than fills all chunks, since the last one is short. */
export const MAX_PLAINTEXT_LENGTH = MAX_CHUNKS * CHUNK_LENGTH - 1;

/**
 * The stored size of a blob of `plaintextLength` bytes.
 *
 * @throws RangeError for a size that no blob can have: negative, not an integer, or more than 2^52 − 1.
 */
export function ciphertextLength(plaintextLength: number): number {
  if (!Number.isInteger(plaintextLength) || plaintextLength < 0 || plaintextLength > MAX_PLAINTEXT_LENGTH)
    throw new RangeError(`A blob holds 0 to ${MAX_PLAINTEXT_LENGTH} bytes, not ${plaintextLength}`);
  const chunks = Math.floor(plaintextLength / CHUNK_LENGTH) + 1;
  return HEADER_LENGTH + plaintextLength + TAG_LENGTH * chunks;
}

/** The plaintext size of a blob that is stored in `ciphertextLength` bytes, or undefined if no blob has that size. */
export function plaintextLengthOf(ciphertextLength: number): number | undefined {
  if (!Number.isInteger(ciphertextLength)) return undefined;
  const body = ciphertextLength - HEADER_LENGTH;
  const fullChunks = Math.floor(body / SEALED_CHUNK_LENGTH);
  const last = body - fullChunks * SEALED_CHUNK_LENGTH;
  if (body < 0 || fullChunks >= MAX_CHUNKS || last < TAG_LENGTH) return undefined;
  return fullChunks * CHUNK_LENGTH + last - TAG_LENGTH;
}

/**
 * The commitment in a blob, or in the beginning of one: bytes of its own; fewer where the blob is cut off within its
 * header.
 */
export function commitmentIn(blob: Uint8Array): Uint8Array {
  return Uint8Array.from(blob.subarray(SALT_LENGTH, HEADER_LENGTH));
}

/**
 * Refuses a range that is not inside a plaintext.
 *
 * @throws RangeError if it is not.
 */
function requireRange(range: ByteRange, plaintextLength: number): void {
  const { start, length } = range;
  const valid = Number.isSafeInteger(start) && Number.isSafeInteger(length) && start >= 0 && length >= 0;
  if (!valid || start + length > plaintextLength)
    throw new RangeError(`${length} bytes from ${start} are not inside a plaintext of ${plaintextLength}`);
}

/** The place of the chunk that holds the plaintext byte at `offset`, counted from 0. */
export function chunkIndexAt(offset: number): number {
  return Math.floor(offset / CHUNK_LENGTH);
}

/**
 * The stored bytes of the chunks that cover the plaintext bytes `range`, tags included, header not. An empty range
 * needs no chunk and gives an empty range.
 *
 * @throws RangeError if the range is not inside the plaintext, or no blob has that plaintext size.
 *
 * @example
 * ```ts
 * // One byte costs the chunk that it is in, with its tag.
 * assert.deepEqual(ciphertextRange({ start: 20_000, length: 1 }, 40_000), { start: 56 + 16_400, length: 16_400 });
 * ```
 */
export function ciphertextRange(range: ByteRange, plaintextLength: number): ByteRange {
  const total = ciphertextLength(plaintextLength);
  requireRange(range, plaintextLength);
  const start = HEADER_LENGTH + chunkIndexAt(range.start) * SEALED_CHUNK_LENGTH;
  if (range.length === 0) return { start, length: 0 };
  const lastChunk = chunkIndexAt(range.start + range.length - 1);
  const end = Math.min(HEADER_LENGTH + (lastChunk + 1) * SEALED_CHUNK_LENGTH, total);
  return { start, length: end - start };
}
