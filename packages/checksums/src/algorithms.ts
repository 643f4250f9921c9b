/** The algorithms of checksums that S3 takes ("Checking object integrity", Amazon S3 User Guide). */
export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

/** The name of an algorithm. */
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Those whose checksums of parts give that of the whole: see {@link CombinedCrc}. */
export type CrcAlgorithm = Extract<ChecksumAlgorithm, `CRC${string}`>;

/** Bytes of each algorithm's checksums. */
export const checksumLengths = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
} as const satisfies Record<ChecksumAlgorithm, number>;

/**
 * The polynomials, with the lowest power in the highest bit, as these CRCs are computed. CRC-32/ISO-HDLC (zlib),
 * CRC-32/ISCSI (Castagnoli, RFC 3720) and CRC-64/NVME (NVM Express Command Set Specification); all three begin with all
 * ones and are inverted at their end.
 */
export const polynomials = {
  CRC32: 0xedb88320n,
  CRC32C: 0x82f63b78n,
  CRC64NVME: 0x9a6c9329ac4bc9b5n,
} as const satisfies Record<CrcAlgorithm, bigint>;
