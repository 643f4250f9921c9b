import * as z from 'zod';
import { maxFileInfoKeyBytes, maxFileInfoSize, maxFileInfoSizeProtected } from './limits.ts';
import { encodePercent } from './percent-encoding.ts';
import { issueOf } from './rule.ts';
import { isSpecialFileInfoKey, isValidSpecialFileInfo } from './special-file-info.ts';
import { isForbiddenKey, isWellFormed } from './text.ts';

/** Custom metadata of a file: lower-case names, any Unicode text. */
export type FileInfo = Readonly<Record<string, string>>;

/** The prefix of the headers that carry file info. */
export const fileInfoHeaderPrefix = 'X-Bz-Info-';
const fileNameHeader = 'X-Bz-File-Name';

/** The characters of names in file and bucket info: those of a header name (RFC 9110 section 5.6.2). */
export const infoKeyShape = /^[A-Za-z0-9\-_.~!#$%^&*'+|`]+$/;

/** What is wrong with the name of an entry, or undefined (B2 docs "Files", "File Information"). */
export function fileInfoKeyProblem(key: string): string | undefined {
  if (!infoKeyShape.test(key)) return "File info names must be letters, digits and -_.~!#$%^&*'+|`";
  if (key.length > maxFileInfoKeyBytes) return 'File info names must be no more than 50 bytes';
  const lower = key.toLowerCase();
  if (isForbiddenKey(lower)) return `File info name ${lower} is not allowed`;
  return lower.startsWith('b2-') && !isSpecialFileInfoKey(lower) ? `File info name ${lower} is reserved` : undefined;
}

/** What is wrong with an entry, or undefined. The value is not in the message. */
export function fileInfoProblem(key: string, value: string): string | undefined {
  const problem = fileInfoKeyProblem(key);
  if (problem !== undefined) return problem;
  const lower = key.toLowerCase();
  if (!isWellFormed(value)) return `File info ${lower} must be valid Unicode`;
  return isSpecialFileInfoKey(lower) && !isValidSpecialFileInfo(lower, value)
    ? `File info ${lower} is not a valid header value`
    : undefined;
}

/** File info with lower-case names, or what is wrong with the entries: a bad one, or two that differ only in case. */
export function readFileInfo(
  entries: Iterable<readonly [key: string, value: string]>,
): { ok: true; value: FileInfo } | { ok: false; message: string } {
  const info = new Map<string, string>();
  for (const [key, value] of entries) {
    const message = fileInfoProblem(key, value);
    if (message !== undefined) return { ok: false, message };
    if (info.has(key.toLowerCase())) return { ok: false, message: `File info ${key.toLowerCase()} is given twice` };
    info.set(key.toLowerCase(), value);
  }
  return { ok: true, value: Object.fromEntries(info) };
}

/** `fileInfo` in the JSON of a request. */
export const fileInfoField = z.codec(z.record(z.string(), z.string()), z.record(z.string(), z.string()), {
  decode: (wire, context) => {
    const read = readFileInfo(Object.entries(wire));
    if (read.ok) return { ...read.value };
    context.issues.push({ ...issueOf(read.message), input: undefined });
    return z.NEVER;
  },
  encode: (info) => info,
});

/**
 * Size in bytes of file name and file info as they would be sent in headers: names of the headers and percent-encoded
 * values. The service does not publish how it counts; this counts what its docs say is limited.
 */
export function fileInfoSize(fileName: string, fileInfo: FileInfo): number {
  let size = fileNameHeader.length + encodePercent(fileName).length;
  for (const [key, value] of Object.entries(fileInfo)) {
    size += fileInfoHeaderPrefix.length + key.length + encodePercent(value).length;
  }
  return size;
}

/** The limit of {@link fileInfoSize}: lower for a file with server-side encryption or in a bucket with Object Lock. */
export function fileInfoSizeLimit(file: { readonly isEncrypted: boolean; readonly isLockable: boolean }): number {
  return file.isEncrypted || file.isLockable ? maxFileInfoSizeProtected : maxFileInfoSize;
}
