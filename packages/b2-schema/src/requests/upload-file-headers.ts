import {
  lookupIn,
  printB2UploadHeaders,
  type EncryptionRequest,
  type HeaderField,
  type HeaderLookup,
} from '@coffer/sse-schema';
import { printContentSha1, type ContentSha1 } from '../values/content-sha1.ts';
import { fileInfoHeaderPrefix, readFileInfo, type FileInfo } from '../values/file-info.ts';
import { readFileRetention, type FileRetention, type LegalHold } from '../settings/file-lock.ts';
import { contentTypeProblem } from '../values/fields.ts';
import { fileNameProblem } from '../values/file-name.ts';
import {
  attempt,
  contentMd5Header,
  contentSha1Header,
  optional,
  present,
  printOptional,
  readContentSha1,
  readEncryption,
  refuse,
  required,
} from './header-reading.ts';
import type { HeaderRequest, RequestProblem } from './header-request.ts';
import { decodePercent, encodePercent } from '../values/percent-encoding.ts';

/** What the headers of `b2_upload_file` say. The body's length is the HTTP server's to know. */
export interface UploadFileRequest {
  readonly fileName: string;
  readonly contentType: string;
  readonly contentSha1: ContentSha1;
  /** Base64 of the MD5 of the body, as sent: an additional check. */
  readonly contentMd5?: string;
  readonly fileInfo: FileInfo;
  /** Milliseconds since the epoch. */
  readonly customUploadTimestamp?: number;
  readonly fileRetention?: FileRetention;
  readonly legalHold?: LegalHold;
  readonly serverSideEncryption?: EncryptionRequest;
}

const names = {
  fileName: 'X-Bz-File-Name',
  contentType: 'Content-Type',
  timestamp: 'X-Bz-Custom-Upload-Timestamp',
  legalHold: 'X-Bz-File-Legal-Hold',
  retentionMode: 'X-Bz-File-Retention-Mode',
  retainUntil: 'X-Bz-File-Retention-Retain-Until-Timestamp',
} as const;

/**
 * Headers that a client means for the downloads of the file, where they would be lost in silence: file info such as
 * `X-Bz-Info-b2-content-disposition` does that (B2 docs `b2_upload_file`: they must not be included).
 */
const forbiddenHeaders = [
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Location',
  'Content-Range',
  'Expires',
] as const;

const decimal = /^\d{1,16}$/;

function refuseForbidden(get: HeaderLookup): void {
  const found = forbiddenHeaders.find((name) => get(name.toLowerCase()).length > 0);
  if (found !== undefined) refuse(found, `Header ${found} must not be included`);
}

function readFileName(get: HeaderLookup): string {
  const name = decodePercent(required(get, names.fileName));
  if (name === undefined) return refuse(names.fileName, `Header ${names.fileName} is not valid percent-encoded UTF-8`);
  const message = fileNameProblem(name);
  return message === undefined ? name : refuse(names.fileName, message);
}

function readContentType(get: HeaderLookup): string {
  const type = required(get, names.contentType);
  const message = contentTypeProblem(type);
  return message === undefined ? type : refuse(names.contentType, message);
}

function readInfo(headers: Iterable<HeaderField>): FileInfo {
  const prefix = fileInfoHeaderPrefix.toLowerCase();
  const entries: [string, string][] = [];
  for (const { name, value } of headers) {
    if (!name.toLowerCase().startsWith(prefix)) continue;
    const decoded = decodePercent(value.trim());
    if (decoded === undefined) refuse(name, `Header ${name} is not valid percent-encoded UTF-8`);
    entries.push([name.slice(prefix.length), decoded]);
  }
  const read = readFileInfo(entries);
  return read.ok ? read.value : refuse(fileInfoHeaderPrefix, read.message);
}

function readTimestamp(get: HeaderLookup, name: string, code: RequestProblem['code']): number | undefined {
  const text = optional(get, name);
  if (text === undefined) return undefined;
  return decimal.test(text) && Number.isSafeInteger(Number(text))
    ? Number(text)
    : refuse(name, `Header ${name} must be milliseconds since the epoch`, code);
}

function readRetention(get: HeaderLookup): FileRetention | undefined {
  const mode = optional(get, names.retentionMode);
  const until = readTimestamp(get, names.retainUntil, 'bad_request');
  if (mode === undefined && until === undefined) return undefined;
  if (mode !== 'governance' && mode !== 'compliance') {
    return refuse(names.retentionMode, `Header ${names.retentionMode} must be governance or compliance`);
  }
  return readFileRetention(mode, until) ?? refuse(names.retainUntil, `Missing header: ${names.retainUntil}`);
}

function readLegalHold(get: HeaderLookup): LegalHold | undefined {
  const value = optional(get, names.legalHold);
  if (value === undefined || value === 'on' || value === 'off') return value;
  return refuse(names.legalHold, `Header ${names.legalHold} must be on or off`);
}

/** The headers of `b2_upload_file` (B2 docs, page of that name). The customer key is read last, so that no refusal leaves one behind. */
export const uploadFileHeaders: HeaderRequest<UploadFileRequest> = {
  parse: (headers) =>
    attempt(() => {
      const fields = [...headers];
      const get = lookupIn(fields);
      refuseForbidden(get);
      return {
        fileName: readFileName(get),
        contentType: readContentType(get),
        contentSha1: readContentSha1(get),
        fileInfo: readInfo(fields),
        ...present({
          contentMd5: optional(get, contentMd5Header),
          customUploadTimestamp: readTimestamp(get, names.timestamp, 'custom_timestamp_invalid'),
          fileRetention: readRetention(get),
          legalHold: readLegalHold(get),
          serverSideEncryption: readEncryption(get),
        }),
      };
    }),
  print: (value) => [
    { name: names.fileName, value: encodePercent(value.fileName) },
    { name: names.contentType, value: value.contentType },
    { name: contentSha1Header, value: printContentSha1(value.contentSha1) },
    ...Object.entries(value.fileInfo).map(([key, text]) => ({
      name: `${fileInfoHeaderPrefix}${key}`,
      value: encodePercent(text),
    })),
    ...printOptional(contentMd5Header, value.contentMd5),
    ...printOptional(names.timestamp, value.customUploadTimestamp),
    ...printOptional(names.retentionMode, value.fileRetention?.mode),
    ...printOptional(names.retainUntil, value.fileRetention?.retainUntilTimestamp),
    ...printOptional(names.legalHold, value.legalHold),
    ...printB2UploadHeaders(value.serverSideEncryption),
  ],
};
