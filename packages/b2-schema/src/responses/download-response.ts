import {
  lookupIn,
  headerLines,
  parseB2ResponseHeaders,
  type EncryptionView,
  type HeaderLookup,
} from '@coffer/sse-schema';
import type { FileId } from '../values/ids.ts';
import { fileInfoHeaderPrefix, type FileInfo } from '../values/file-info.ts';
import { decodePercent } from '../values/percent-encoding.ts';
import { specialFileInfoHeaders, type SpecialFileInfoKey } from '../values/special-file-info.ts';
import { readFileRetention, type FileRetention, type LegalHold } from '../settings/file-lock.ts';

/** What the headers of a download tell of the file (B2 docs `b2_download_file_by_name`, "Response"). */
export interface DownloadedFile {
  readonly fileId: FileId;
  readonly fileName: string;
  /** Milliseconds since the epoch. */
  readonly uploadTimestamp: number;
  readonly contentType: string;
  /** 40 hex digits of the whole file, behind `unverified:` if nobody checked them; null of most large files. */
  readonly contentSha1: string | null;
  /**
   * With the entries that come in headers of their own, such as `b2-content-disposition`; their values may be those
   * that the request or the bucket set.
   */
  readonly fileInfo: FileInfo;
  readonly serverSideEncryption: EncryptionView;
  readonly fileRetention?: FileRetention;
  readonly legalHold?: LegalHold;
}

/** The headers of an answer to a download, as values; undefined if the answer is no file of B2. */
export function parseDownloadResponse(
  headers: Iterable<readonly [name: string, value: string]>,
): DownloadedFile | undefined {
  const lines = [...headerLines(headers)];
  const get = lookupIn(lines);
  const fileId = get('x-bz-file-id')[0];
  const fileName = decodePercent(get('x-bz-file-name')[0] ?? '%');
  const uploadTimestamp = Number(get('x-bz-upload-timestamp')[0] ?? Number.NaN);
  const encryption = parseB2ResponseHeaders(lines);
  if (fileId === undefined || fileName === undefined || !Number.isSafeInteger(uploadTimestamp) || !encryption.ok) {
    return undefined;
  }
  const sha1 = get('x-bz-content-sha1')[0] ?? 'none';
  return {
    fileId: fileId as FileId,
    fileName,
    uploadTimestamp,
    contentType: get('content-type')[0] ?? 'application/octet-stream',
    contentSha1: sha1 === 'none' ? null : sha1,
    fileInfo: readInfo(lines, get),
    serverSideEncryption: encryption.value,
    ...readLocks(get),
  };
}

function readInfo(lines: readonly (readonly [name: string, value: string])[], get: HeaderLookup): FileInfo {
  const prefix = fileInfoHeaderPrefix.toLowerCase();
  const info = new Map<string, string>();
  for (const [name, value] of lines) {
    const lower = name.toLowerCase();
    if (lower.startsWith(prefix)) info.set(lower.slice(prefix.length), decodePercent(value) ?? value);
  }
  for (const [key, header] of Object.entries(specialFileInfoHeaders) as [SpecialFileInfoKey, string][]) {
    const [value] = get(header.toLowerCase());
    if (value !== undefined) info.set(key, value);
  }
  return Object.fromEntries(info);
}

function readLocks(get: HeaderLookup): Pick<DownloadedFile, 'fileRetention' | 'legalHold'> {
  const [mode] = get('x-bz-file-retention-mode');
  const [until] = get('x-bz-file-retention-retain-until-timestamp');
  const [legalHold] = get('x-bz-file-legal-hold');
  const isMode = mode === 'governance' || mode === 'compliance';
  const fileRetention = isMode && until !== undefined ? readFileRetention(mode, Number(until)) : undefined;
  return {
    ...(fileRetention === undefined ? {} : { fileRetention }),
    ...(legalHold === 'on' || legalHold === 'off' ? { legalHold } : {}),
  };
}
