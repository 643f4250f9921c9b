import { decodeBase64 } from '@coffer/bytes';
import { SigV4Error } from '../request/sigv4-error.ts';

/** Length in bytes of each checksum that can be a trailer. */
const checksumLengths: Readonly<Record<string, number>> = {
  'x-amz-checksum-crc32': 4,
  'x-amz-checksum-crc32c': 4,
  'x-amz-checksum-crc64nvme': 8,
  'x-amz-checksum-sha1': 20,
  'x-amz-checksum-sha256': 32,
};

/** The trailer that signs the others. */
export const trailerSignature = 'x-amz-trailer-signature';

/** @throws SigV4Error `InvalidRequest` for a trailer that is no checksum. */
export function requireChecksumName(name: string): void {
  if (Object.hasOwn(checksumLengths, name)) return;
  throw new SigV4Error('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
}

/** @throws SigV4Error `InvalidRequest` unless the value is base64 of as many bytes as the checksum has. */
export function requireChecksumValue(name: string, value: string): void {
  const length = checksumLengths[name] ?? 0;
  if (value.length === base64Length(length) && decodeBase64(value)?.length === length) return;
  throw new SigV4Error('InvalidRequest', `Value for ${name} trailing header is invalid.`);
}

/** How many characters the value of a trailer has. */
export function checksumTextLength(name: string): number {
  requireChecksumName(name);
  return base64Length(checksumLengths[name] ?? 0);
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

export function malformedTrailer(): SigV4Error {
  return new SigV4Error(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}
