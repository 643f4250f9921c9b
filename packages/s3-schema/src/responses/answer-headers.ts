import { formatHttpDate, type HeaderPair } from '@coffer/http';
import { printS3ResponseHeaders, type EncryptionView } from '@coffer/sse-schema';
import type { LegalHold, Retention } from '../settings/object-lock.ts';
import { checksumAlgorithms, printChecksumValue, type Checksum, type ChecksumType } from '../values/checksum.ts';
import { formatXmlDate } from '../values/dates.ts';
import { printEtag } from '../values/etag.ts';
import { s3Headers } from '../values/header-names.ts';
import { printFileInfo, type FileInfo } from '../values/metadata.ts';

/** What the answer to a write says. */
export interface WrittenView {
  /** Without quotes; undefined where the document of the answer has it. */
  readonly etag?: string;
  /** Undefined for a part. */
  readonly versionId?: string;
  readonly encryption: EncryptionView;
  readonly checksum?: Checksum | undefined;
  /** Of an object, not of a part. */
  readonly checksumType?: ChecksumType | undefined;
  /** The version that was copied. */
  readonly sourceVersionId?: string;
}

/** The headers of the answer to an upload, a copy, or a part (AWS docs, page of each). */
export function writtenHeaders(view: WrittenView): HeaderPair[] {
  return [
    ...header('ETag', view.etag === undefined ? undefined : printEtag(view.etag)),
    ...header(s3Headers.versionId, view.versionId),
    ...header(s3Headers.copySourceVersionId, view.sourceVersionId),
    ...printS3ResponseHeaders(view.encryption),
    ...checksumHeaders(view.checksum, view.checksumType),
  ];
}

/** What the answer to a read says of the object. */
export interface ObjectView {
  /** Without quotes. */
  readonly etag: string;
  readonly versionId: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly contentType: string;
  readonly fileInfo: FileInfo;
  readonly encryption: EncryptionView;
  /** Given only if it was asked for and the whole object, or a whole part, is sent. */
  readonly checksum?: Checksum | undefined;
  readonly checksumType?: ChecksumType | undefined;
  /** Given only for a request with `partNumber`. */
  readonly partsCount?: number | undefined;
  /** Given only to a key that may see it. */
  readonly retention?: Retention | undefined;
  /** Given only to a key that may see it. */
  readonly legalHold?: LegalHold | undefined;
  /** Headers that the request sets instead of the stored ones. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/**
 * The headers of the answer to `GetObject` and `HeadObject` that describe the object; length and range are the
 * server's.
 */
export function objectHeaders(view: ObjectView): HeaderPair[] {
  const stored: HeaderPair[] = [['Content-Type', view.contentType], ...printFileInfo(view.fileInfo)];
  const overrides = Object.entries(view.overrides ?? {});
  const kept = stored.filter(([name]) => !overrides.some(([other]) => other === name));
  return [
    ['Accept-Ranges', 'bytes'],
    ['ETag', printEtag(view.etag)],
    ['Last-Modified', formatHttpDate(view.lastModified)],
    [s3Headers.versionId, view.versionId],
    ...kept,
    ...overrides,
    ...printS3ResponseHeaders(view.encryption),
    ...checksumHeaders(view.checksum, view.checksumType),
    ...header(s3Headers.partsCount, view.partsCount),
    ...lockHeaders(view),
  ];
}

function lockHeaders({ retention, legalHold }: Pick<ObjectView, 'retention' | 'legalHold'>): HeaderPair[] {
  const isRetained = retention !== undefined && retention.mode !== null;
  return [
    ...header(s3Headers.lockMode, isRetained ? retention.mode.toUpperCase() : undefined),
    ...header(s3Headers.retainUntil, isRetained ? formatXmlDate(retention.retainUntilTimestamp) : undefined),
    ...header(s3Headers.legalHold, legalHold?.toUpperCase()),
  ];
}

function checksumHeaders(checksum: Checksum | undefined, type: ChecksumType | undefined): HeaderPair[] {
  if (checksum === undefined) return [];
  return [
    [checksumAlgorithms[checksum.algorithm].header, printChecksumValue(checksum)],
    ...header(s3Headers.checksumType, type),
  ];
}

function header(name: string, value: string | number | undefined): HeaderPair[] {
  return value === undefined ? [] : [[name, String(value)]];
}
