import { parseListCount, parseMarkerNumber } from '../values/integers.ts';
import { maxListBuckets, maxListCount } from '../values/limits.ts';
import { invalidArgument } from '../values/s3-error.ts';
import { field, fieldOr, nonEmptyField, readerOf, textField, type Reader, type WireField } from './wire-fields.ts';

function countField(wire: string, limit = maxListCount): WireField<number> {
  return fieldOr(wire, limit, (text) => parseListCount(wire, text, limit));
}

function parseEncodingType(text: string): 'url' {
  if (text === 'url') return text;
  throw invalidArgument('encoding-type', 'Invalid Encoding Method specified in Request', text);
}

/** The token itself is the server's to check; that there is one is checked here. */
function parseToken(text: string): string {
  if (text !== '') return text;
  throw invalidArgument('continuation-token', 'The continuation token provided is incorrect', text);
}

const commonFields = {
  prefix: textField('prefix'),
  delimiter: nonEmptyField('delimiter'),
  encoding: field('encoding-type', parseEncodingType),
};

/** AWS docs `ListBuckets`. */
export const listBucketsQuery = readerOf({
  prefix: textField('prefix'),
  maxBuckets: countField('max-buckets', maxListBuckets),
  continuationToken: field('continuation-token', parseToken),
  bucketRegion: nonEmptyField('bucket-region'),
});

/** AWS docs `ListObjects`. */
export const listObjectsQuery = readerOf({
  ...commonFields,
  marker: textField('marker'),
  maxKeys: countField('max-keys'),
});

/** AWS docs `ListObjectsV2`. A token is stronger than `start-after`. */
export const listObjectsV2Query = readerOf({
  ...commonFields,
  maxKeys: countField('max-keys'),
  continuationToken: field('continuation-token', parseToken),
  startAfter: nonEmptyField('start-after'),
  fetchOwner: fieldOr('fetch-owner', false, (text) => text === 'true'),
});

const versionFields = readerOf({
  ...commonFields,
  maxKeys: countField('max-keys'),
  keyMarker: nonEmptyField('key-marker'),
  versionIdMarker: nonEmptyField('version-id-marker'),
});

/** AWS docs `ListObjectVersions`. */
export const listVersionsQuery: Reader<ReturnType<typeof versionFields>> = (source) => {
  const query = versionFields(source);
  if (query.versionIdMarker !== undefined && query.keyMarker === undefined) {
    const message = 'A version-id marker cannot be specified without a key marker.';
    throw invalidArgument('version-id-marker', message, query.versionIdMarker);
  }
  return query;
};

const uploadFields = readerOf({
  ...commonFields,
  maxUploads: countField('max-uploads'),
  keyMarker: nonEmptyField('key-marker'),
  uploadIdMarker: nonEmptyField('upload-id-marker'),
});

/** AWS docs `ListMultipartUploads`. A marker of an upload means nothing without one of a key. */
export const listUploadsQuery: Reader<ReturnType<typeof uploadFields>> = (source) => {
  const query = uploadFields(source);
  return query.keyMarker === undefined ? { ...query, uploadIdMarker: undefined } : query;
};

/** AWS docs `ListParts`. */
export const listPartsQuery = readerOf({
  uploadId: textField('uploadId'),
  maxParts: countField('max-parts'),
  partNumberMarker: fieldOr('part-number-marker', 0, (text) => parseMarkerNumber('part-number-marker', text)),
});
