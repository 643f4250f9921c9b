import type { ChecksumAlgorithm } from './algorithms.ts';
import { createChecksum } from './running-checksum.ts';

/** The checksum of pieces one after the other. Of the checksums of parts: what S3 calls a composite checksum. */
export async function checksumOf(algorithm: ChecksumAlgorithm, ...pieces: readonly Uint8Array[]): Promise<Uint8Array> {
  const checksum = await createChecksum(algorithm);
  for (const piece of pieces) checksum.update(piece);
  return checksum.digest();
}
