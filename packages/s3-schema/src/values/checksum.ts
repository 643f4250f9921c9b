import { decodeBase64 } from '@coffer/bytes';
import { invalidRequest } from './s3-error.ts';

/** How the checksum of a multipart object comes about: of all bytes, or of the checksums of the parts. */
export const checksumTypes = ['FULL_OBJECT', 'COMPOSITE'] as const;
/** How the checksum of a multipart object comes about. */
export type ChecksumType = (typeof checksumTypes)[number];

/** What is known of an algorithm besides its name. */
export interface ChecksumFacts {
  readonly header: `x-amz-checksum-${string}`;
  /** Its element in XML. */
  readonly element: `Checksum${string}`;
  /** Bytes of a value, which is sent as base64 of them, the most significant first. */
  readonly length: number;
  /** The types that a multipart upload may ask for; the first is what it gets unless it asks. */
  readonly types: readonly [ChecksumType, ...ChecksumType[]];
}

/** The algorithms (AWS docs "Checking object integrity in Amazon S3"). */
export const checksumAlgorithms = {
  CRC32: { header: 'x-amz-checksum-crc32', element: 'ChecksumCRC32', length: 4, types: ['COMPOSITE', 'FULL_OBJECT'] },
  CRC32C: {
    header: 'x-amz-checksum-crc32c',
    element: 'ChecksumCRC32C',
    length: 4,
    types: ['COMPOSITE', 'FULL_OBJECT'],
  },
  CRC64NVME: { header: 'x-amz-checksum-crc64nvme', element: 'ChecksumCRC64NVME', length: 8, types: ['FULL_OBJECT'] },
  SHA1: { header: 'x-amz-checksum-sha1', element: 'ChecksumSHA1', length: 20, types: ['COMPOSITE'] },
  SHA256: { header: 'x-amz-checksum-sha256', element: 'ChecksumSHA256', length: 32, types: ['COMPOSITE'] },
} as const satisfies Record<string, ChecksumFacts>;

/** The name of an algorithm. */
export type ChecksumAlgorithm = keyof typeof checksumAlgorithms;
/** All names. */
export const checksumNames = Object.keys(checksumAlgorithms) as [ChecksumAlgorithm, ...ChecksumAlgorithm[]];

/** Algorithms of newer AWS clients that this server does not have. */
export const unsupportedChecksums = ['SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'] as const;

/** A checksum that a client sent. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Canonical base64 of the digest, without the count of a composite one. */
  readonly value: string;
  /** The number of parts of a composite checksum; undefined for one of all bytes. */
  readonly parts?: number;
}

/**
 * The algorithm of that name, in upper or lower case.
 *
 * @throws S3Error `InvalidRequest`
 */
export function parseChecksumAlgorithm(text: string): ChecksumAlgorithm {
  const name = text.toUpperCase();
  if (Object.hasOwn(checksumAlgorithms, name)) return name as ChecksumAlgorithm;
  throw unsupportedChecksum();
}

/** What a client is told of an algorithm that there is not. */
export function unsupportedChecksum() {
  return invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, ' +
      'CRC64NVME, SHA1, SHA256]',
  );
}

/**
 * Reads the value of a checksum from a header or a trailer.
 *
 * @param composite Whether a value may say, behind a hyphen, of how many parts it is made.
 * @throws S3Error `InvalidRequest`
 */
export function parseChecksumValue(
  algorithm: ChecksumAlgorithm,
  text: string,
  { where = 'header', composite = false }: { where?: 'header' | 'trailing header'; composite?: boolean } = {},
): Checksum {
  const { length, header } = checksumAlgorithms[algorithm];
  const [, value = text, count] = (composite ? /^(.*)-(\d{1,5})$/ : /^$/).exec(text) ?? [];
  const parts = count === undefined ? undefined : Number(count);
  // 32 bytes are 44 characters; nothing longer is decoded.
  const isGood = value.length <= 44 && decodeBase64(value)?.length === length && parts !== 0;
  if (!isGood) throw invalidRequest(`Value for ${header} ${where} is invalid.`);
  return { algorithm, value, ...(parts === undefined ? {} : { parts }) };
}

/** The value as it is sent. */
export function printChecksumValue({ value, parts }: Checksum): string {
  return parts === undefined ? value : `${value}-${parts}`;
}

/**
 * The type that an upload with this algorithm has.
 *
 * @throws S3Error `InvalidRequest` for a type that does not exist, or not with this algorithm.
 */
export function parseChecksumType(algorithm: ChecksumAlgorithm, text: string | undefined): ChecksumType {
  const types: readonly ChecksumType[] = checksumAlgorithms[algorithm].types;
  if (text === undefined) return checksumAlgorithms[algorithm].types[0];
  const type = checksumTypes.find((known) => known === text);
  if (type === undefined) throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  if (types.includes(type)) return type;
  throw invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
