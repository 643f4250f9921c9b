import {
  cacheControlBucketInfoKey,
  encodePercent,
  fileInfoHeaderPrefix,
  isSpecialFileInfoKey,
  varyByOrigin,
} from '@coffer/b2-schema';
import { headerPairs, type HeaderPair } from '@coffer/http';
import { printB2ResponseHeaders, viewOf, type EncryptionRequest } from '@coffer/sse-schema';
import type { DownloadOverrides } from '@coffer/storage-core';
import type { BucketRecord, FileVersionRecord } from '@coffer/storage-ports';
import { may } from '../views/capability-set.ts';
import { sha1View } from '../views/file-view.ts';
import { capabilitiesOf, type Reader } from './reader.ts';

/** What is sent, and to whom. */
export interface Download {
  readonly bucket: BucketRecord;
  readonly version: FileVersionRecord;
  readonly overrides: DownloadOverrides;
  readonly reader: Reader;
  /** The customer key that the request carried, if it did. */
  readonly given: EncryptionRequest | undefined;
}

/** The headers of a download but for length and range (B2 docs `b2_download_file_by_name`, "Response"). */
export function downloadResponseHeaders(download: Download): HeaderPair[] {
  const { version, given } = download;
  return [
    ...headerPairs({
      ...contentHeaders(download),
      'Accept-Ranges': 'bytes',
      'X-Bz-File-Id': version.fileId,
      'X-Bz-File-Name': encodePercent(version.name),
      'X-Bz-Upload-Timestamp': version.uploadTimestamp,
      'X-Bz-Content-Sha1': sha1View(version),
      ...infoHeaders(version),
    }),
    ...printB2ResponseHeaders(viewOf(version.encryption?.mode ?? 'none', given)).map(
      ({ name, value }) => [name, value] as const,
    ),
    ...lockHeaders(download),
    // A cache must not give an answer that another origin may read, or may not, to whoever asks next.
    ...(download.bucket.corsRules.length > 0 ? [varyByOrigin] : []),
  ];
}

/** An override wins over what the file says, and that over what the bucket says. */
function contentHeaders({ overrides, version, bucket }: Download): Record<string, string | undefined> {
  const { fileInfo } = version;
  const bucketCacheControl = bucket.info[cacheControlBucketInfoKey];
  return {
    'Content-Type': overrides.contentType ?? version.contentType,
    'Content-Disposition': overrides.contentDisposition ?? fileInfo['b2-content-disposition'],
    'Content-Language': overrides.contentLanguage ?? fileInfo['b2-content-language'],
    Expires: overrides.expires ?? fileInfo['b2-expires'],
    'Content-Encoding': overrides.contentEncoding ?? fileInfo['b2-content-encoding'],
    'Cache-Control':
      overrides.cacheControl ??
      fileInfo['b2-cache-control'] ??
      (isSendable(bucketCacheControl) ? bucketCacheControl : undefined),
  };
}

/** Bucket info may hold any text, a header may not. */
function isSendable(text: string | undefined): boolean {
  return text !== undefined && /^[\x20-\x7e]+$/.test(text);
}

function infoHeaders({ fileInfo }: FileVersionRecord): Record<string, string> {
  const entries = Object.entries(fileInfo).filter(([key]) => !isSpecialFileInfoKey(key));
  return Object.fromEntries(entries.map(([key, value]) => [`${fileInfoHeaderPrefix}${key}`, encodePercent(value)]));
}

/** Retention and legal hold for who may see them; who may not is told which headers are withheld, set or not. */
function lockHeaders({ version, bucket, reader }: Download): HeaderPair[] {
  const caller = capabilitiesOf(reader);
  const retention = {
    'X-Bz-File-Retention-Mode': version.retention?.mode,
    'X-Bz-File-Retention-Retain-Until-Timestamp': version.retention?.retainUntil,
  };
  const legalHold = { 'X-Bz-File-Legal-Hold': version.legalHold ?? undefined };
  const seesRetention = may(caller, 'readFileRetentions');
  const seesLegalHold = may(caller, 'readFileLegalHolds');
  const withheld = [...(seesRetention ? [] : Object.keys(retention)), ...(seesLegalHold ? [] : Object.keys(legalHold))];
  const tells = bucket.fileLockEnabled && reader.kind !== 'anonymous' && withheld.length > 0;
  return headerPairs({
    ...(seesRetention ? retention : {}),
    ...(seesLegalHold ? legalHold : {}),
    'X-Bz-Client-Unauthorized-To-Read': tells ? withheld.join(',') : undefined,
  });
}
