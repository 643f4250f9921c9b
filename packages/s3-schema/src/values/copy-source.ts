import { checkObjectKey } from './object-key.ts';
import { decodePercent } from './percent-encoding.ts';
import { invalidArgument } from './s3-error.ts';

/** What is copied. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  /** As sent, its syntax not yet checked; undefined is the current version. */
  readonly versionId: string | undefined;
}

const header = 'x-amz-copy-source';

/**
 * Reads `x-amz-copy-source` (AWS docs `CopyObject`): `bucket/key`, with or without a slash before it, and perhaps
 * `?versionId=`. Only a literal `?` begins a version id; in a key it is `%3F`. The key is decoded exactly once, a plus
 * stays a plus, and raw UTF-8 is taken.
 *
 * @param text As HTTP gives it, a code unit per byte.
 * @throws S3Error `InvalidArgument`, or `KeyTooLongError`.
 */
export function parseCopySource(text: string): CopySource {
  const mark = text.indexOf('?');
  const path = (mark === -1 ? text : text.slice(0, mark)).replace(/^(?:\/|%2[Ff])/, '');
  const slash = /\/|%2[Ff]/.exec(path);
  const bucket = decodePercent(path.slice(0, slash?.index ?? 0));
  const key = slash === null ? '' : decodePercent(path.slice(slash.index + slash[0].length));
  if (bucket === undefined || bucket === '' || key === undefined || key === '') throw invalidSource();
  return { bucket, key: checkObjectKey(key), versionId: mark === -1 ? undefined : versionOf(text.slice(mark + 1)) };
}

function versionOf(query: string): string {
  const version = query.startsWith('versionId=') ? decodePercent(query.slice('versionId='.length)) : undefined;
  if (version === undefined || version === '') throw invalidSource();
  return version;
}

function invalidSource() {
  return invalidArgument(header, 'Invalid copy source object key');
}

const rangeShape = /^bytes=(\d{1,15})-(\d{1,15})$/;
const rangeHeader = 'x-amz-copy-source-range';

/** A run of bytes, both ends included. */
export interface CopyRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads `x-amz-copy-source-range` (AWS docs `UploadPartCopy`), which is stricter than `Range`.
 *
 * @throws S3Error `InvalidArgument`
 */
export function parseCopyRange(text: string): CopyRange {
  const [, first, last] = rangeShape.exec(text) ?? [];
  if (first !== undefined && last !== undefined && Number(first) <= Number(last)) {
    return { first: Number(first), last: Number(last) };
  }
  const message =
    'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the ' +
    'zero-based offsets of the first and last bytes to copy';
  throw invalidArgument(rangeHeader, message, text);
}
