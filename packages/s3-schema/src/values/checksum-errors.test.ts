import { describe, expect, it } from 'vitest';
import { badChecksum, badContentMd5, checksumProblems } from './checksum-errors.ts';

describe('errors of checksums', () => {
  it.each([
    [badChecksum('CRC32'), 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.'],
    [
      checksumProblems.otherAlgorithm('SHA256', 'CRC32'),
      'InvalidRequest',
      'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
    ],
    [
      checksumProblems.otherAlgorithm(undefined, 'CRC32'),
      'InvalidRequest',
      'Checksum Type mismatch occurred, expected checksum Type: null, actual checksum Type: crc32',
    ],
    [
      checksumProblems.missingPart('CRC32', 1),
      'InvalidRequest',
      'The upload was created using a crc32 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.',
    ],
    [
      checksumProblems.otherPart('SHA256', 1),
      'BadDigest',
      'The sha256 you specified for part 1 did not match what we received.',
    ],
    [
      checksumProblems.otherType('COMPOSITE'),
      'InvalidRequest',
      'The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.',
    ],
    [
      checksumProblems.otherSize(5, 4),
      'InvalidRequest',
      "The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 4",
    ],
  ])('%#: %s', (error, code, message) => {
    expect([error.status, error.code, error.message]).toEqual([400, code, message]);
  });

  it('show both digests of a body', () => {
    expect(badContentMd5(Uint8Array.of(1, 255), Uint8Array.of(2))).toMatchObject({
      code: 'BadDigest',
      message: 'The Content-MD5 you specified did not match what we received.',
      details: { ExpectedDigest: '01ff', CalculatedDigest: 'Ag==' },
    });
  });
});
