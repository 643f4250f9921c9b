import type { HeaderList } from '@coffer/http';
import {
  checksumAlgorithms,
  checksumNames,
  parseChecksumAlgorithm,
  parseChecksumType,
  parseChecksumValue,
  unsupportedChecksum,
  unsupportedChecksums,
  type Checksum,
  type ChecksumAlgorithm,
  type ChecksumType,
} from '../values/checksum.ts';
import { s3Headers } from '../values/header-names.ts';
import { invalidRequest } from '../values/s3-error.ts';
import type { Reader } from './wire-fields.ts';

/** The checksum of a body: given before it, or announced to come behind it; or none. */
export interface BodyChecksum {
  readonly checksum: Checksum | undefined;
  readonly trailer: ChecksumAlgorithm | undefined;
}

/** AWS docs "Checking object integrity in Amazon S3"; `composite` as in `parseChecksumValue`. */
function readChecksum(headers: HeaderList, composite: boolean): BodyChecksum {
  refuseUnsupported(headers);
  const found = checksumNames.flatMap((algorithm) =>
    headers.getAll(checksumAlgorithms[algorithm].header).map((text) => ({ algorithm, text: text.trim() })),
  );
  const trailer = readTrailer(headers);
  if (found.length + (trailer === undefined ? 0 : 1) > 1) throw severalChecksums();
  const [only] = found;
  const checksum = only && parseChecksumValue(only.algorithm, only.text, { composite });
  checkSdkAlgorithm(headers, checksum?.algorithm ?? trailer);
  return { checksum, trailer };
}

function refuseUnsupported(headers: HeaderList): void {
  if (unsupportedChecksums.some((name) => headers.has(`x-amz-checksum-${name.toLowerCase()}`))) {
    throw unsupportedChecksum();
  }
}

function severalChecksums() {
  return invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
}

/** The algorithm that `x-amz-trailer` announces. */
function readTrailer(headers: HeaderList): ChecksumAlgorithm | undefined {
  const lines = headers.getAll(s3Headers.trailer);
  const names = lines.flatMap((line) => line.split(',')).map((name) => name.trim().toLowerCase());
  if (lines.length === 0) return undefined;
  const algorithms = names.map((name) => checksumNames.find((known) => checksumAlgorithms[known].header === name));
  const [only, ...more] = algorithms;
  if (only === undefined || more.includes(undefined)) {
    throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
  }
  if (more.length > 0) throw severalChecksums();
  return only;
}

function checkSdkAlgorithm(headers: HeaderList, given: ChecksumAlgorithm | undefined): void {
  const text = headers.get(s3Headers.sdkChecksumAlgorithm)?.trim();
  if (text === undefined || text === '') return;
  const announced = parseChecksumAlgorithm(text);
  if (given === undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers ' +
        'were found.',
    );
  }
  if (given !== announced) throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
}

/** The checksum of the bytes that follow. */
export const bodyChecksum: Reader<BodyChecksum, HeaderList> = (headers) => readChecksum(headers, false);

/** The checksum that the finished object must have: of all bytes, or composite. */
export const objectChecksum: Reader<
  { readonly checksum: Checksum | undefined; readonly checksumType: ChecksumType | undefined },
  HeaderList
> = (headers) => {
  const { checksum } = readChecksum(headers, true);
  const text = headers.get(s3Headers.checksumType)?.trim();
  const isKnown = text === undefined || text === 'COMPOSITE' || text === 'FULL_OBJECT';
  if (!isKnown) throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  return { checksum, checksumType: text };
};

/** The algorithm that an upload or a copy is to be given. */
export const chosenChecksum: Reader<
  { readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined },
  HeaderList
> = (headers) => {
  const name = headers.get(s3Headers.checksumAlgorithm)?.trim();
  const type = headers.get(s3Headers.checksumType)?.trim();
  if (name !== undefined) {
    const algorithm = parseChecksumAlgorithm(name);
    return { checksum: { algorithm, type: parseChecksumType(algorithm, type) } };
  }
  if (type === undefined) return { checksum: undefined };
  throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
};
