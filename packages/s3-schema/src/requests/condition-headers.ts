import { parseHttpDate, type HeaderList } from '@coffer/http';
import { parseEtag } from '../values/etag.ts';
import { s3Headers } from '../values/header-names.ts';
import { S3Error } from '../values/s3-error.ts';
import { field, readerOf, type Reader } from './wire-fields.ts';

/** What must hold of the object under the key for a write to happen; tags without quotes. */
export interface WriteConditions {
  /** The current version must have this tag. */
  readonly ifMatch: string | undefined;
  /** There must be no current version. */
  readonly ifAbsent: boolean;
}

function unsupported(header: string): S3Error {
  const additionalMessage = `The value of ${header} is not supported for this operation`;
  return new S3Error('NotImplemented', { details: { Header: header, additionalMessage } });
}

const writeFields = readerOf({
  ifMatch: field('If-Match', (text) => {
    if (text === '*') throw unsupported('If-Match');
    return parseEtag(text);
  }),
  ifNoneMatch: field('If-None-Match', (text) => {
    if (text !== '*') throw unsupported('If-None-Match');
    return text;
  }),
});

/** Conditions of `PutObject`, `CopyObject` and `CompleteMultipartUpload` (AWS docs "Conditional writes"). */
export const writeConditions: Reader<WriteConditions, HeaderList> = (headers) => {
  const { ifMatch, ifNoneMatch } = writeFields(headers);
  return { ifMatch, ifAbsent: ifNoneMatch !== undefined };
};

const deleteFields = readerOf({
  ifMatch: field('If-Match', (text) => (text === '*' ? text : parseEtag(text))),
});

/** The condition of `DeleteObject`: the tag of the current version, or `*` for any. */
export const deleteCondition = (headers: HeaderList) => {
  refuseDirectoryConditions(headers);
  return deleteFields(headers);
};

/** Conditions that AWS knows of directory buckets only (AWS docs `DeleteObject`, `AbortMultipartUpload`). */
const directoryConditions = [
  'x-amz-if-match-last-modified-time',
  'x-amz-if-match-size',
  'x-amz-if-match-initiated-time',
] as const;

/**
 * Nothing is deleted under a condition that was not looked at.
 *
 * @throws S3Error `NotImplemented`
 */
export function refuseDirectoryConditions(headers: HeaderList): void {
  const header = directoryConditions.find((name) => headers.has(name));
  if (header !== undefined) throw new S3Error('NotImplemented', { details: { Header: header } });
}

/** What is evaluated for the source of a copy. Dates are milliseconds since the epoch; one that is none is ignored. */
export interface SourceConditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: number | undefined;
  readonly ifUnmodifiedSince: number | undefined;
}

/** AWS docs `CopyObject`. */
export const sourceConditions: Reader<SourceConditions, HeaderList> = readerOf({
  ifMatch: field(s3Headers.copySourceIfMatch, parseEtag),
  ifNoneMatch: field(s3Headers.copySourceIfNoneMatch, parseEtag),
  ifModifiedSince: field(s3Headers.copySourceIfModifiedSince, (text) => parseHttpDate(text)),
  ifUnmodifiedSince: field(s3Headers.copySourceIfUnmodifiedSince, (text) => parseHttpDate(text)),
});

/**
 * Which condition of a copy its source fails, by the name that the error gives it; undefined if none. A tag that
 * matches outweighs the date that does not, as AWS says on the page of `CopyObject`.
 *
 * @param source The tag without quotes, and milliseconds since the epoch, compared in whole seconds.
 */
export function failedSourceCondition(
  conditions: SourceConditions,
  source: { readonly etag: string; readonly lastModified: number },
): string | undefined {
  const modified = Math.floor(source.lastModified / 1000) * 1000;
  const isTag = (tag: string) => tag === '*' || tag === source.etag;
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!isTag(ifMatch)) return 'x-amz-copy-source-If-Match';
  } else if (ifUnmodifiedSince !== undefined && modified > ifUnmodifiedSince) {
    return 'x-amz-copy-source-If-Unmodified-Since';
  }
  if (ifNoneMatch !== undefined) return isTag(ifNoneMatch) ? 'x-amz-copy-source-If-None-Match' : undefined;
  const isOld = ifModifiedSince !== undefined && modified <= ifModifiedSince;
  return isOld ? 'x-amz-copy-source-If-Modified-Since' : undefined;
}
