import { replicationStatus, type FileVersion } from '@coffer/storage-core';
import {
  cacheControlBucketInfoKey,
  encodePercent,
  fileInfoHeaderPrefix,
  isSpecialFileInfoKey,
} from '@coffer/b2-schema';
import { varyByOrigin, type HeaderPair } from '@coffer/http';
import { printB2ResponseHeaders, viewOf, type EncryptionRequest } from '@coffer/sse-schema';
import type { DownloadOverrides } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { may } from '../views/capability-set.ts';
import { sha1View } from '../views/file-view.ts';
import { capabilitiesFor, type Reader } from './reader.ts';

/** What is sent, and to whom. */
export interface Download {
  readonly bucket: BucketRecord;
  readonly version: FileVersion;
  readonly overrides: DownloadOverrides;
  readonly reader: Reader;
  /** The customer key that the request carried, if it did. */
  readonly given: EncryptionRequest | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The headers of a download except for length and range (B2 docs `b2_download_file_by_name`, "Response"). */
export function downloadResponseHeaders(download: Download): HeaderPair[] {
  const { version, given, bucket } = download;
  // Lines are added to one list, without objects in between: every download runs this, and making objects only to take
  // them apart again costs time.
  const lines: HeaderPair[] = [];
  addContentLines(lines, download);
  lines.push(
    ['Accept-Ranges', 'bytes'],
    // Whoever stored the file chose its type; a browser that guesses another one could run it as a page of this origin.
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Bz-File-Id', version.fileId],
    ['X-Bz-File-Name', encodePercent(version.name)],
    ['X-Bz-Upload-Timestamp', String(version.uploadTimestamp)],
    ['X-Bz-Content-Sha1', sha1View(version)],
  );
  addInfoLines(lines, version);
  for (const [name, value] of printB2ResponseHeaders(viewOf(version.encryption.mode, given))) {
    lines.push([name, value]);
  }
  addLockLines(lines, download);
  add(lines, 'X-Bz-Replication-Status', replicationStatus(bucket, version, download.now) ?? undefined);
  // Which origin may read the answer depends on who asks, so a cache must not give it to another origin.
  if (bucket.corsRules.length > 0) lines.push(varyByOrigin);
  return lines;
}

/** Adds a line, unless there is no value. */
function add(lines: HeaderPair[], name: string, value: string | number | undefined): void {
  if (value !== undefined) lines.push([name, String(value)]);
}

/** An override wins over what the file says, and that over what the bucket says. */
function addContentLines(lines: HeaderPair[], { overrides, version, bucket }: Download): void {
  const { fileInfo } = version;
  const bucketCacheControl = bucket.info[cacheControlBucketInfoKey];
  const sendable = isSendable(bucketCacheControl) ? bucketCacheControl : undefined;
  add(lines, 'Content-Type', overrides.contentType ?? version.contentType);
  add(lines, 'Content-Disposition', overrides.contentDisposition ?? wireText(fileInfo['b2-content-disposition']));
  add(lines, 'Content-Language', overrides.contentLanguage ?? wireText(fileInfo['b2-content-language']));
  add(lines, 'Expires', overrides.expires ?? wireText(fileInfo['b2-expires']));
  add(lines, 'Content-Encoding', overrides.contentEncoding ?? wireText(fileInfo['b2-content-encoding']));
  add(lines, 'Cache-Control', overrides.cacheControl ?? wireText(fileInfo['b2-cache-control']) ?? sendable);
}

const encoder = new TextEncoder();

/**
 * Text of file info as a header carries it, a code unit per byte of UTF-8: what was stored through another API may have
 * any characters. Undefined for what no header can hold.
 */
function wireText(text: string | undefined): string | undefined {
  // Nearly all text takes this way, and downloads are many.
  if (text === undefined || /^[\x20-\x7e]*$/.test(text)) return text;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\x00-\x08\x0a-\x1f\x7f]/.test(text) ? undefined : String.fromCharCode(...encoder.encode(text));
}

/** Bucket info may hold any text, a header may not. */
function isSendable(text: string | undefined): boolean {
  return text !== undefined && /^[\x20-\x7e]+$/.test(text);
}

function addInfoLines(lines: HeaderPair[], { fileInfo }: FileVersion): void {
  for (const [key, value] of Object.entries(fileInfo)) {
    if (!isSpecialFileInfoKey(key)) lines.push([`${fileInfoHeaderPrefix}${key}`, encodePercent(value)]);
  }
}

const retentionModeLine = 'X-Bz-File-Retention-Mode';
const retainUntilLine = 'X-Bz-File-Retention-Retain-Until-Timestamp';
const legalHoldLine = 'X-Bz-File-Legal-Hold';

/**
 * Adds retention and legal hold for a reader who may see them. A reader with a token who may not see them is told which
 * headers are withheld, whether or not they are set.
 */
function addLockLines(lines: HeaderPair[], { version, bucket, reader }: Download): void {
  const caller = capabilitiesFor(reader, { bucket, name: version.name });
  const withheld: string[] = [];
  if (may(caller, 'readFileRetentions')) {
    add(lines, retentionModeLine, version.retention?.mode);
    add(lines, retainUntilLine, version.retention?.retainUntil);
  } else {
    withheld.push(retentionModeLine, retainUntilLine);
  }
  if (may(caller, 'readFileLegalHolds')) add(lines, legalHoldLine, version.legalHold ?? undefined);
  else withheld.push(legalHoldLine);
  const tells = bucket.fileLockEnabled && reader.kind !== 'anonymous' && withheld.length > 0;
  if (tells) lines.push(['X-Bz-Client-Unauthorized-To-Read', withheld.join(',')]);
}
