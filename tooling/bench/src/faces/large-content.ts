import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Bytes of each part but the last. */
const partSize = 64 * 2 ** 20;
/** By so many bytes each part is cut further on, so that no two are the same. */
const shift = 16;

interface Digests {
  /** Lower-case hexadecimal. */
  readonly sha1: string;
  /** Base64. */
  readonly md5: string;
}

export interface LargePart extends Digests {
  readonly bytes: Uint8Array;
}

/** A file of parts, and what clients say of it, computed before anything is measured. */
export interface LargeContent extends Digests {
  readonly size: number;
  readonly parts: readonly LargePart[];
  /** Base64, as in `x-amz-checksum-crc32`. */
  readonly crc32: string;
}

/** A file of `size` random bytes, whose parts share the memory of one. */
export function makeLargeContent(size: number): LargeContent {
  const count = Math.ceil(size / partSize);
  const memory = randomBytes(Math.min(size, partSize) + shift * count);
  const parts = Array.from({ length: count }, (_, i) => {
    const bytes = memory.subarray(i * shift, i * shift + Math.min(partSize, size - i * partSize));
    return { bytes, ...digestsOf([bytes]) };
  });
  const pieces = parts.map(({ bytes }) => bytes);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(pieces.reduce((sum, bytes) => crc32(bytes, sum), 0));
  return { size, parts, ...digestsOf(pieces), crc32: checksum.toString('base64') };
}

function digestsOf(pieces: readonly Uint8Array[]): Digests {
  const [sha1, md5] = [createHash('sha1'), createHash('md5')];
  for (const bytes of pieces) {
    sha1.update(bytes);
    md5.update(bytes);
  }
  return { sha1: sha1.digest('hex'), md5: md5.digest('base64') };
}

/** @throws Error unless a stream has the content, byte for byte. */
export async function requireContent(stream: AsyncIterable<Buffer>, { parts, size }: LargeContent): Promise<void> {
  let at = 0;
  for await (let piece of stream) {
    while (piece.length > 0) {
      const part = parts[Math.floor(at / partSize)]?.bytes ?? new Uint8Array(0);
      const expected = part.subarray(at % partSize, (at % partSize) + piece.length);
      if (expected.length === 0 || !piece.subarray(0, expected.length).equals(expected)) throw differs(at);
      at += expected.length;
      piece = piece.subarray(expected.length);
    }
  }
  if (at !== size) throw differs(at);
}

function differs(at: number): Error {
  return new Error(`What was downloaded differs from what was uploaded, at byte ${at} or behind it`);
}
