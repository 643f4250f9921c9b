import type { ChecksumAlgorithm } from './encryption-record.ts';

/** Bytes of each algorithm's checksums. */
export const checksumLengths: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};
