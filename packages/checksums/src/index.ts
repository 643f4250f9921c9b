export { checksumAlgorithms, checksumLengths, type ChecksumAlgorithm, type CrcAlgorithm } from './algorithms.ts';
export { checksumOf } from './checksum-of.ts';
export { CombinedCrc } from './combined-crc.ts';
export { createChecksum, type RunningChecksum } from './running-checksum.ts';
