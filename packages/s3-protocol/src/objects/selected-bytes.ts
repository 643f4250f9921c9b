import type { ByteRange } from '@coffer/bytes';
import { ifRangeHolds, parseRange, resolveRange, unsatisfiedContentRange, type HeaderList } from '@coffer/http';
import { printEtag, S3Error } from '@coffer/s3-schema';
import type { FileVersion, FurtherChecksum, AccountStorage } from '@coffer/storage-core';
import type { S3Options } from '../options.ts';

/** Which bytes of an object are sent, and how that is said. */
export interface SelectedBytes {
  readonly range: ByteRange;
  readonly status: 200 | 206;
  /** Given where a part of a multipart object was asked for. */
  readonly part?: { readonly count: number; readonly furtherChecksum: FurtherChecksum | null };
}

/** What decides about the bytes. */
export interface Selecting {
  readonly storage: AccountStorage;
  readonly options: Pick<S3Options, 'missingPartStatus'>;
  readonly headers: HeaderList;
  readonly version: FileVersion;
  /** Without quotes. */
  readonly etag: string;
  readonly partNumber: number | undefined;
}

/**
 * The bytes that a read asks for: all, one range (RFC 9110 section 14.2; anything else that `Range` may say is ignored,
 * as AWS does), or one part.
 *
 * @throws S3Error `InvalidRange`, `InvalidPartNumber`
 */
export async function selectBytes(selecting: Selecting): Promise<SelectedBytes> {
  const { partNumber, version } = selecting;
  if (partNumber === undefined) return selectRange(selecting);
  const whole: SelectedBytes = { range: { start: 0, length: version.size }, status: version.size === 0 ? 200 : 206 };
  if (version.partCount === null) {
    if (partNumber === 1) return whole;
    throw noSuchPart(selecting, partNumber, 1);
  }
  const part = await selecting.storage.reads.partAt(version, partNumber);
  if (part === undefined) throw noSuchPart(selecting, partNumber, version.partCount);
  const { start, size, count, furtherChecksum } = part;
  return { range: { start, length: size }, status: size === 0 ? 200 : 206, part: { count, furtherChecksum } };
}

function selectRange({ headers, version, etag }: Selecting): SelectedBytes {
  const validators = { etag: printEtag(etag), lastModified: version.uploadTimestamp };
  // Several lines are one list, and so several ranges.
  const lines = ifRangeHolds(headers, validators) ? headers.getAll('range') : [];
  const asked = lines.length === 0 ? undefined : lines.join(',');
  const resolved = resolveRange(parseRange(asked), version.size);
  switch (resolved.kind) {
    case 'whole':
      return { range: { start: 0, length: version.size }, status: 200 };
    case 'part':
      return { range: resolved.range, status: 206 };
    case 'unsatisfiable':
      throw new S3Error('InvalidRange', {
        details: { ActualObjectSize: version.size, ...(asked !== undefined && { RangeRequested: asked }) },
        headers: [['Content-Range', unsatisfiedContentRange(version.size)]],
      });
  }
}

function noSuchPart({ options }: Selecting, partNumber: number, count: number): S3Error {
  if (options.missingPartStatus === 400) return new S3Error('InvalidPart', { details: { PartNumber: partNumber } });
  return new S3Error('InvalidPartNumber', { details: { ActualPartCount: count, PartNumberRequested: partNumber } });
}
