import {
  lookupIn,
  parseB2UploadHeaders,
  printB2UploadHeaders,
  type EncryptionRequest,
  type HeaderField,
  type HeaderLookup,
} from '@coffer/sse-schema';
import { parseContentSha1, printContentSha1, type ContentSha1 } from './content-sha1.ts';
import { fileInfoHeaderPrefix, readFileInfo, type FileInfo } from './file-info.ts';
import { readFileRetention, type FileRetention, type LegalHold } from './file-lock.ts';
import { fileNameProblem } from './file-name.ts';
import { problem, type HeaderRequest, type RequestProblem, type RequestResult } from './header-request.ts';
import { maxPartNumber } from './limits.ts';
import { decodePercent, encodePercent } from './percent-encoding.ts';

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

/** What the headers of `b2_upload_part` say. */
export interface UploadPartRequest {
  readonly partNumber: number;
  readonly contentSha1: ContentSha1;
  readonly contentMd5?: string;
  readonly serverSideEncryption?: EncryptionRequest;
}

const names = {
  fileName: 'X-Bz-File-Name',
  partNumber: 'X-Bz-Part-Number',
  contentType: 'Content-Type',
  contentSha1: 'X-Bz-Content-Sha1',
  contentMd5: 'Content-MD5',
  timestamp: 'X-Bz-Custom-Upload-Timestamp',
  legalHold: 'X-Bz-File-Legal-Hold',
  retentionMode: 'X-Bz-File-Retention-Mode',
  retainUntil: 'X-Bz-File-Retention-Retain-Until-Timestamp',
} as const;

const printable = /^[\x20-\x7e]+$/;
const decimal = /^\d{1,16}$/;

/** Ends the parsing of a header; caught in {@link attempt}. */
class HeaderRefused extends Error {
  readonly answer: RequestProblem;
  constructor(answer: RequestProblem) {
    super(answer.message);
    this.answer = answer;
  }
}

function refuse(field: string, message: string, code: RequestProblem['code'] = 'bad_request'): never {
  throw new HeaderRefused(problem(message, { field, code }));
}

function attempt<T>(parse: () => T): RequestResult<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (error instanceof HeaderRefused) return error.answer;
    throw error;
  }
}

function optional(get: HeaderLookup, name: string): string | undefined {
  const values = get(name.toLowerCase());
  if (values.length > 1) refuse(name, `Header ${name} must be given once`);
  return values[0]?.trim();
}

function required(get: HeaderLookup, name: string): string {
  const value = optional(get, name);
  return value === undefined || value === '' ? refuse(name, `Missing header: ${name}`) : value;
}

function readFileName(get: HeaderLookup): string {
  const name = decodePercent(required(get, names.fileName));
  if (name === undefined) return refuse(names.fileName, `Header ${names.fileName} is not valid percent-encoded UTF-8`);
  const message = fileNameProblem(name);
  return message === undefined ? name : refuse(names.fileName, message);
}

function readContentType(get: HeaderLookup): string {
  const type = required(get, names.contentType);
  return printable.test(type) ? type : refuse(names.contentType, 'The content type must be printable ASCII');
}

function readContentSha1(get: HeaderLookup): ContentSha1 {
  const parsed = parseContentSha1(required(get, names.contentSha1));
  return (
    parsed ?? refuse(names.contentSha1, `Header ${names.contentSha1} must be a SHA-1 in hex or one of its keywords`)
  );
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

function readEncryption(get: HeaderLookup): EncryptionRequest | undefined {
  const read = parseB2UploadHeaders(get);
  if (read.ok) return read.value;
  const { code, field, message } = read.error;
  throw new HeaderRefused(problem(message, { violation: code, ...(field === undefined ? {} : { field }) }));
}

/** Leaves out the members that are undefined. */
function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The headers of `b2_upload_file` (B2 docs, page of that name). The customer key is read last, so that no refusal leaves one behind. */
export const uploadFileHeaders: HeaderRequest<UploadFileRequest> = {
  parse: (headers) =>
    attempt(() => {
      const fields = [...headers];
      const get = lookupIn(fields);
      return {
        fileName: readFileName(get),
        contentType: readContentType(get),
        contentSha1: readContentSha1(get),
        fileInfo: readInfo(fields),
        ...present({
          contentMd5: optional(get, names.contentMd5),
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
    { name: names.contentSha1, value: printContentSha1(value.contentSha1) },
    ...Object.entries(value.fileInfo).map(([key, text]) => ({
      name: `${fileInfoHeaderPrefix}${key}`,
      value: encodePercent(text),
    })),
    ...printOptional(names.contentMd5, value.contentMd5),
    ...printOptional(names.timestamp, value.customUploadTimestamp),
    ...printOptional(names.retentionMode, value.fileRetention?.mode),
    ...printOptional(names.retainUntil, value.fileRetention?.retainUntilTimestamp),
    ...printOptional(names.legalHold, value.legalHold),
    ...printB2UploadHeaders(value.serverSideEncryption),
  ],
};

/** The headers of `b2_upload_part` (B2 docs, page of that name). */
export const uploadPartHeaders: HeaderRequest<UploadPartRequest> = {
  parse: (headers) =>
    attempt(() => {
      const get = lookupIn(headers);
      return {
        partNumber: readPartNumber(get),
        contentSha1: readContentSha1(get),
        ...present({ contentMd5: optional(get, names.contentMd5), serverSideEncryption: readEncryption(get) }),
      };
    }),
  print: (value) => [
    { name: names.partNumber, value: String(value.partNumber) },
    { name: names.contentSha1, value: printContentSha1(value.contentSha1) },
    ...printOptional(names.contentMd5, value.contentMd5),
    ...printB2UploadHeaders(value.serverSideEncryption),
  ],
};

function readPartNumber(get: HeaderLookup): number {
  const text = required(get, names.partNumber);
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= maxPartNumber
    ? number
    : refuse(names.partNumber, `Part numbers must be from 1 to ${maxPartNumber}`);
}

function printOptional(name: string, value: string | number | null | undefined): HeaderField[] {
  return value === undefined || value === null ? [] : [{ name, value: String(value) }];
}
