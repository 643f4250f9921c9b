import { encodeBase64, encodeHex } from '@coffer/bytes';
import type { ChecksumAlgorithm, ChecksumType } from './checksum.ts';
import { invalidRequest, S3Error } from './s3-error.ts';

/** A body that has another checksum than was said. */
export function badChecksum(algorithm: ChecksumAlgorithm): S3Error {
  return new S3Error('BadDigest', { message: `The ${algorithm} you specified did not match the calculated checksum.` });
}

/** A body that has another MD5 than `Content-MD5` said. */
export function badContentMd5(expected: Uint8Array, calculated: Uint8Array): S3Error {
  const details = { ExpectedDigest: encodeHex(expected), CalculatedDigest: encodeBase64(calculated) };
  return new S3Error('BadDigest', { details });
}

/** Names of algorithms in these messages are lower-case. */
const lower = (algorithm: ChecksumAlgorithm | undefined) => algorithm?.toLowerCase() ?? 'null';

/** What can be wrong with the checksums of a multipart upload (recorded answers of AWS). */
export const checksumProblems = {
  /** A part was sent with another algorithm than the upload has. */
  otherAlgorithm: (expected: ChecksumAlgorithm | undefined, actual: ChecksumAlgorithm) =>
    invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${lower(expected)}, actual checksum Type: ` +
        lower(actual),
    ),
  /** The completion of a composite upload does not name the checksum of a part. */
  missingPart: (algorithm: ChecksumAlgorithm, partNumber: number) =>
    invalidRequest(
      `The upload was created using a ${lower(algorithm)} checksum. The complete request must include the ` +
        `checksum for each part. It was missing for part ${partNumber} in the request.`,
    ),
  /** The completion names another checksum than the part has. */
  otherPart: (algorithm: ChecksumAlgorithm, partNumber: number) =>
    new S3Error('BadDigest', {
      message: `The ${lower(algorithm)} you specified for part ${partNumber} did not match what we received.`,
    }),
  /** The completion asks for another type than the upload has. */
  otherType: (type: ChecksumType) =>
    invalidRequest(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    ),
  /** The parts are together of another size than the completion says. */
  otherSize: (given: number, computed: number) =>
    invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${given} does not match what was computed: ${computed}`,
    ),
} as const;

/** The name of such a problem. */
export type ChecksumProblem = keyof typeof checksumProblems;
