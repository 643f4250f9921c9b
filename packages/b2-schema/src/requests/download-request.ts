import {
  b2SettingCodec,
  parseB2DownloadHeaders,
  printB2UploadHeaders,
  sameEncryption,
  wipeEncryption,
  type EncryptionRequest,
} from '@coffer/sse-schema';
import * as z from 'zod';
import { contentTypeField } from '../values/fields.ts';
import { problem, type HeaderRequest, type RequestResult } from './header-request.ts';
import { rule } from '../values/rule.ts';
import { decodePercent, encodePercent } from '../values/percent-encoding.ts';
import {
  isValidSpecialFileInfo,
  specialFileInfoHeaders,
  type SpecialFileInfoKey,
} from '../values/special-file-info.ts';

function overrideOf(key: SpecialFileInfoKey) {
  return z
    .string()
    .check(
      rule((text) =>
        isValidSpecialFileInfo(key, text) ? undefined : `The value for ${specialFileInfoHeaders[key]} is not valid`,
      ),
    )
    .optional();
}

/** Response headers that a download, or the token for one, can override (B2 docs `b2_download_file_by_id`). */
export const overrideFields = {
  b2CacheControl: overrideOf('b2-cache-control'),
  b2ContentDisposition: overrideOf('b2-content-disposition'),
  b2ContentEncoding: overrideOf('b2-content-encoding'),
  b2ContentLanguage: overrideOf('b2-content-language'),
  b2ContentType: contentTypeField.optional(),
  b2Expires: overrideOf('b2-expires'),
};

/** The response header that each override sets. */
export const overrideHeaders = {
  b2CacheControl: 'Cache-Control',
  b2ContentDisposition: 'Content-Disposition',
  b2ContentEncoding: 'Content-Encoding',
  b2ContentLanguage: 'Content-Language',
  b2ContentType: 'Content-Type',
  b2Expires: 'Expires',
} as const satisfies Record<keyof typeof overrideFields, string>;
/** A parameter of a download that fixes a response header, such as `b2ContentType`. */
export type OverrideName = keyof typeof overrideHeaders;
/** All parameters that fix response headers. */
export const overrideNames = Object.keys(overrideHeaders) as OverrideName[];

/** `serverSideEncryption` of a download by POST. */
export const downloadEncryptionField = b2SettingCodec.optional();

/** What the headers of a download say. The HTTP server handles ranges. */
export interface DownloadHeaders {
  readonly serverSideEncryption?: EncryptionRequest;
}

/** Reads and prints the headers of a download: range and customer key. */
export const downloadHeaders: HeaderRequest<DownloadHeaders> = {
  parse: (headers) => {
    const read = parseB2DownloadHeaders(headers);
    if (read.ok) return { ok: true, value: read.value === undefined ? {} : { serverSideEncryption: read.value } };
    const { code, field, message } = read.error;
    return problem(message, { violation: code, ...(field === undefined ? {} : { field }) });
  },
  print: ({ serverSideEncryption }) => printB2UploadHeaders(serverSideEncryption),
};

/**
 * Merges the encryption setting in the headers of a download with that in its JSON. Only customer keys count; two that
 * differ are refused. A key that is not in the result is wiped.
 */
export function mergeDownloadEncryption(
  fromHeaders: EncryptionRequest | undefined,
  fromJson: EncryptionRequest | undefined,
): RequestResult<EncryptionRequest | undefined> {
  if (fromHeaders?.mode !== 'SSE-C' || fromJson?.mode !== 'SSE-C') {
    return { ok: true, value: fromHeaders?.mode === 'SSE-C' ? fromHeaders : fromJson };
  }
  const isSame = sameEncryption(fromHeaders, fromJson);
  wipeEncryption(fromJson);
  if (isSame) return { ok: true, value: fromHeaders };
  wipeEncryption(fromHeaders);
  return problem('The customer keys in the headers and in the JSON differ', {
    field: 'serverSideEncryption',
    violation: 'conflicting_modes',
  });
}

/**
 * Bucket and file name of a download URL: what follows `/file/` in the raw, still encoded path. Undefined if there is
 * no file name or the encoding is broken.
 */
export function parseDownloadPath(path: string): { bucketName: string; fileName: string } | undefined {
  const slash = path.indexOf('/');
  if (slash <= 0) return undefined;
  const bucketName = decodePercent(path.slice(0, slash));
  const fileName = decodePercent(path.slice(slash + 1));
  return bucketName === undefined || fileName === undefined || fileName === '' ? undefined : { bucketName, fileName };
}

/**
 * What follows `/file/` in the download URL of a file; the inverse of {@link parseDownloadPath}. Undefined for a name
 * with a segment `.` or `..`, which every URL parser removes: download such a file by its id, or by a POST with JSON.
 */
export function printDownloadPath(bucketName: string, fileName: string): string | undefined {
  const hasDots = fileName.split('/').some((segment) => segment === '.' || segment === '..');
  return hasDots ? undefined : `${encodePercent(bucketName)}/${encodePercent(fileName)}`;
}
