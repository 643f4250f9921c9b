import type { HeaderList } from '@coffer/http';
import { parseCannedAcl, refuseGrantHeaders } from '../settings/acl.ts';
import { parseContentMd5 } from '../values/content-md5.ts';
import { parseCopyRange, parseCopySource, type CopySource } from '../values/copy-source.ts';
import { s3Headers } from '../values/header-names.ts';
import { parseDecimal } from '../values/integers.ts';
import { defaultContentType, readFileInfo, type FileInfo } from '../values/metadata.ts';
import { invalidArgument, invalidRequest, S3Error } from '../values/s3-error.ts';
import { checkStorageClass } from '../values/storage-class.ts';
import { bodyChecksum, chosenChecksum, objectChecksum } from './checksum-headers.ts';
import { refuseDirectoryConditions, sourceConditions, writeConditions } from './condition-headers.ts';
import { bypassHeader, lockHeaders } from './lock-headers.ts';
import { field, fieldOr, nonEmptyField, readerOf, type Reader } from './wire-fields.ts';

/** Headers of AWS whose meaning a write would lose in silence. */
const unsupportedHeaders = ['x-amz-website-redirect-location', 'x-amz-mfa', 'x-amz-write-offset-bytes'] as const;

/** Who the client thinks owns the bucket; for every operation. */
export const ownerHeaders = readerOf({ expectedOwner: field(s3Headers.expectedOwner, (text) => text) });

const md5Header = readerOf({ contentMd5: field('Content-MD5', parseContentMd5) });

/** Integrity of a document in a body. */
export const documentHeaders = (headers: HeaderList) => ({
  ...ownerHeaders(headers),
  ...md5Header(headers),
  ...bodyChecksum(headers),
});

const aclHeader = readerOf({ acl: field(s3Headers.acl, parseCannedAcl) });

/** AWS docs `PutBucketAcl`, `PutObjectAcl`. */
export const aclHeaders = (headers: HeaderList) => {
  refuseGrantHeaders(headers.pairs);
  return { ...documentHeaders(headers), ...aclHeader(headers) };
};

const bucketLockHeader = readerOf({
  objectLockEnabled: fieldOr(s3Headers.bucketLockEnabled, false, (text) => text.toLowerCase() === 'true'),
});

/** AWS docs `CreateBucket`. */
export const createBucketHeaders = (headers: HeaderList) => ({
  ...aclHeaders(headers),
  ...bucketLockHeader(headers),
});

/** The content type and metadata that an object is given. */
export interface ObjectContent {
  readonly contentType: string;
  readonly fileInfo: FileInfo;
}

/** AWS docs `PutObject`, system-defined and user-defined metadata. */
const contentHeaders: Reader<ObjectContent, HeaderList> = (headers) => ({
  contentType: contentType(headers).contentType ?? defaultContentType,
  fileInfo: readFileInfo(headers.pairs),
});

const contentType = readerOf({ contentType: nonEmptyField('Content-Type') });

const storageClassHeader = readerOf({ storageClass: field(s3Headers.storageClass, checkStorageClass) });

/** What every operation that makes an object takes besides its content. */
const commonHeaders = (headers: HeaderList, operation: 'write' | 'copy') => {
  refuseUnsupported(headers);
  if (operation === 'write') refuseTagging(headers);
  refuseGrantHeaders(headers.pairs);
  storageClassHeader(headers);
  return { ...ownerHeaders(headers), ...aclHeader(headers), ...lockHeaders(headers) };
};

function refuseUnsupported(headers: HeaderList): void {
  const header = unsupportedHeaders.find((name) => headers.has(name));
  if (header !== undefined) throw new S3Error('NotImplemented', { details: { Header: header } });
}

function refuseTagging(headers: HeaderList): void {
  if (headers.getAll(s3Headers.tagging).every((value) => value.trim() === '')) return;
  throw invalidArgument(s3Headers.tagging, "Unsupported header 'x-amz-tagging' received for this API call.");
}

/** AWS docs `PutObject`. */
export const putObjectHeaders = (headers: HeaderList) => {
  const read = {
    ...commonHeaders(headers, 'write'),
    ...contentHeaders(headers),
    ...documentHeaders(headers),
    conditions: writeConditions(headers),
  };
  const isLocked = read.retention !== undefined || read.legalHold !== undefined;
  const isChecked = [read.contentMd5, read.checksum, read.trailer].some((value) => value !== undefined);
  if (isLocked && !isChecked) {
    throw invalidRequest(
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
  }
  return read;
};

/** AWS docs `CreateMultipartUpload`. */
export const createUploadHeaders = (headers: HeaderList) => ({
  ...commonHeaders(headers, 'write'),
  ...contentHeaders(headers),
  ...chosenChecksum(headers),
});

/** AWS docs `UploadPart`. */
export const uploadPartHeaders = documentHeaders;

const sizeHeader = readerOf({
  objectSize: field(s3Headers.multipartSize, (text) => {
    const size = parseDecimal(text);
    if (size === undefined) throw invalidRequest('Value for x-amz-mp-object-size header is invalid.');
    return size;
  }),
});

/** AWS docs `CompleteMultipartUpload`. */
export const completeUploadHeaders = (headers: HeaderList) => ({
  ...ownerHeaders(headers),
  ...objectChecksum(headers),
  ...sizeHeader(headers),
  conditions: writeConditions(headers),
});

const sourceHeader = readerOf({ source: fieldOr(s3Headers.copySource, undefined, parseCopySource) });

const copySource: Reader<{ readonly source: CopySource }, HeaderList> = (headers) => ({
  source: sourceHeader(headers).source ?? noSource(),
});

function noSource(): never {
  throw invalidArgument(s3Headers.copySource, 'Invalid copy source object key');
}

const sourceOwnerHeader = readerOf({
  sourceExpectedOwner: field(s3Headers.sourceExpectedOwner, (text) => text),
});

const sourceHeaders = (headers: HeaderList) => ({
  ...copySource(headers),
  sourceConditions: sourceConditions(headers),
  ...sourceOwnerHeader(headers),
});

/** Whether a copy takes content type and metadata from its source or from the request. */
export type MetadataDirective = 'COPY' | 'REPLACE';

function parseDirective(text: string): MetadataDirective {
  if (text === 'COPY' || text === 'REPLACE') return text;
  throw invalidArgument(s3Headers.metadataDirective, 'Unknown metadata directive.', text);
}

const directiveHeader = readerOf({ directive: fieldOr(s3Headers.metadataDirective, 'COPY', parseDirective) });

/** AWS docs `CopyObject`. Content and metadata of the request count only with `REPLACE`. */
export const copyObjectHeaders = (headers: HeaderList) => {
  const { directive } = directiveHeader(headers);
  return {
    ...commonHeaders(headers, 'copy'),
    ...sourceHeaders(headers),
    replacement: directive === 'REPLACE' ? contentHeaders(headers) : undefined,
    ...chosenChecksum(headers),
    conditions: writeConditions(headers),
  };
};

const sourceRangeHeader = readerOf({ range: field(s3Headers.copySourceRange, parseCopyRange) });

/** AWS docs `UploadPartCopy`. */
export const copyPartHeaders = (headers: HeaderList) => ({
  ...ownerHeaders(headers),
  ...sourceHeaders(headers),
  ...sourceRangeHeader(headers),
});

const shownHeaders = readerOf({
  checksumMode: fieldOr(s3Headers.checksumMode, false, (text) => text.toUpperCase() === 'ENABLED'),
  range: field('Range', (text) => text),
});

/** AWS docs `GetObject`, `HeadObject`. Conditions are evaluated from the headers by `@coffer/http`. */
export const readHeaders = (headers: HeaderList) => ({
  ...ownerHeaders(headers),
  ...shownHeaders(headers),
});

/** AWS docs `AbortMultipartUpload`. */
export const abortHeaders = (headers: HeaderList) => {
  refuseDirectoryConditions(headers);
  return ownerHeaders(headers);
};

/** AWS docs `PutObjectRetention`. */
export const retentionHeaders = (headers: HeaderList) => ({ ...documentHeaders(headers), ...bypassHeader(headers) });
