import {
  headerLines,
  lookupIn,
  printB2UploadHeaders,
  type EncryptionRequest,
  type HeaderLookup,
  type HeaderPair,
} from '@coffer/sse-schema';
import { parseContentSha1, printContentSha1, type ContentSha1 } from '../values/content-sha1.ts';
import { fileInfoHeaderPrefix, readFileInfo, type FileInfo } from '../values/file-info.ts';
import { readFileRetention, type FileRetention, type LegalHold } from '../settings/file-lock.ts';
import { contentTypeProblem } from '../values/fields.ts';
import { fileNameProblem } from '../values/file-name.ts';
import { attempt, optional, present, printOptional, readEncryption, refuse, required } from './header-reading.ts';
import type { HeaderRequest, RequestProblem } from './header-request.ts';
import { maxPartNumber, minPartNumber } from '../values/limits.ts';
import { decodePercent, encodePercent } from '../values/percent-encoding.ts';

/** What the headers of every upload say of its body. The HTTP server knows the length of the body. */
interface UploadedBody {
  readonly contentSha1: ContentSha1;
  /** Base64 of the MD5 of the body, as sent: an additional check. */
  readonly contentMd5?: string;
  readonly serverSideEncryption?: EncryptionRequest;
}

/** What the headers of `b2_upload_part` say. */
export interface UploadPartRequest extends UploadedBody {
  readonly partNumber: number;
}

/** What the headers of `b2_upload_file` say. */
export interface UploadFileRequest extends UploadedBody {
  readonly fileName: string;
  readonly contentType: string;
  readonly fileInfo: FileInfo;
  /** Milliseconds since the epoch. */
  readonly customUploadTimestamp?: number;
  readonly fileRetention?: FileRetention;
  readonly legalHold?: LegalHold;
}

const names = {
  partNumber: 'X-Bz-Part-Number',
  contentSha1: 'X-Bz-Content-Sha1',
  contentMd5: 'Content-MD5',
  fileName: 'X-Bz-File-Name',
  contentType: 'Content-Type',
  timestamp: 'X-Bz-Custom-Upload-Timestamp',
  legalHold: 'X-Bz-File-Legal-Hold',
  retentionMode: 'X-Bz-File-Retention-Mode',
  retainUntil: 'X-Bz-File-Retention-Retain-Until-Timestamp',
} as const;

/**
 * Headers that a client may send in the belief that downloads of the file will have them. They are refused, because
 * otherwise they would be lost silently (B2 docs `b2_upload_file`: they must not be included). File info such as
 * `X-Bz-Info-b2-content-disposition` does what they are meant for.
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

/** Reads how the SHA-1 of the body is given. */
function readContentSha1(get: HeaderLookup): ContentSha1 {
  const parsed = parseContentSha1(required(get, names.contentSha1));
  return (
    parsed ?? refuse(names.contentSha1, `Header ${names.contentSha1} must be a SHA-1 in hex or one of its keywords`)
  );
}

/** The encryption is read last, so that no refusal leaves a customer key behind. */
function readBody(get: HeaderLookup): UploadedBody {
  return {
    contentSha1: readContentSha1(get),
    ...present({ contentMd5: optional(get, names.contentMd5), serverSideEncryption: readEncryption(get) }),
  };
}

function printBody({ contentSha1, contentMd5, serverSideEncryption }: UploadedBody): HeaderPair[] {
  return [
    [names.contentSha1, printContentSha1(contentSha1)],
    ...printOptional(names.contentMd5, contentMd5),
    ...printB2UploadHeaders(serverSideEncryption),
  ];
}

function readPartNumber(get: HeaderLookup): number {
  const text = required(get, names.partNumber);
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return number >= minPartNumber && number <= maxPartNumber
    ? number
    : refuse(names.partNumber, `Part numbers must be from 1 to ${maxPartNumber}`);
}

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

function readInfo(headers: Iterable<readonly [name: string, value: string]>): FileInfo {
  const prefix = fileInfoHeaderPrefix.toLowerCase();
  const entries: [string, string][] = [];
  for (const [name, value] of headers) {
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

/** The headers of `b2_upload_part` (B2 docs, page of that name). */
export const uploadPartHeaders: HeaderRequest<UploadPartRequest> = {
  parse: (headers) =>
    attempt(() => {
      const get = lookupIn(headers);
      return { partNumber: readPartNumber(get), ...readBody(get) };
    }),
  print: (value) => [[names.partNumber, String(value.partNumber)], ...printBody(value)],
};

/** The headers of `b2_upload_file` (B2 docs, page of that name). */
export const uploadFileHeaders: HeaderRequest<UploadFileRequest> = {
  parse: (headers) =>
    attempt(() => {
      const lines = [...headerLines(headers)];
      const get = lookupIn(lines);
      refuseForbidden(get);
      return {
        fileName: readFileName(get),
        contentType: readContentType(get),
        fileInfo: readInfo(lines),
        ...present({
          customUploadTimestamp: readTimestamp(get, names.timestamp, 'custom_timestamp_invalid'),
          fileRetention: readRetention(get),
          legalHold: readLegalHold(get),
        }),
        ...readBody(get),
      };
    }),
  print: (value) => [
    [names.fileName, encodePercent(value.fileName)],
    [names.contentType, value.contentType],
    ...Object.entries(value.fileInfo).map(([key, text]): HeaderPair => [
      `${fileInfoHeaderPrefix}${key}`,
      encodePercent(text),
    ]),
    ...printOptional(names.timestamp, value.customUploadTimestamp),
    ...printOptional(names.retentionMode, value.fileRetention?.mode),
    ...printOptional(names.retainUntil, value.fileRetention?.retainUntilTimestamp),
    ...printOptional(names.legalHold, value.legalHold),
    ...printBody(value),
  ],
};
