import type { HeaderPair } from '@coffer/http';
import { maxMetadataNameBytes, maxMetadataSize, maxMetadataSizeProtected } from './limits.ts';
import { encodePath } from './percent-encoding.ts';
import { decodeWords, encodeWord } from './rfc2047.ts';
import { invalidArgument, S3Error } from './s3-error.ts';
import { bytesOfWireText, textOfUtf8, utf8Length } from './text.ts';

/** The custom metadata of an object under the names that the B2 Native API gives it (B2 docs "Files"). */
export type FileInfo = Readonly<Record<string, string>>;

/** The prefix of the headers that carry custom metadata. */
export const metadataPrefix = 'x-amz-meta-';
/** What an object has whose upload named no type. */
export const defaultContentType = 'binary/octet-stream';

/** The headers that are stored with an object, and the name in file info of each. */
export const storedHeaders = {
  'Cache-Control': 'b2-cache-control',
  'Content-Disposition': 'b2-content-disposition',
  'Content-Encoding': 'b2-content-encoding',
  'Content-Language': 'b2-content-language',
  Expires: 'b2-expires',
} as const satisfies Record<string, `b2-${string}`>;

/** The name of a header that is stored with an object. */
export type StoredHeader = keyof typeof storedHeaders;

const headerOf = new Map<string, string>(Object.entries(storedHeaders).map(([header, key]) => [key, header]));
const fileInfoKeyOf = new Map<string, string>(
  Object.entries(storedHeaders).map(([header, key]) => [header.toLowerCase(), key]),
);
const nameShape = /^[a-z0-9\-_.~!#$%^&*'+|`]+$/;
const plain = /^(?=[!-~])[ -~]*(?<=[!-~])$/;

/**
 * The file info in the headers of an upload (AWS docs "Working with object metadata"): `x-amz-meta-*`, and the headers
 * that downloads send back. Names become lower-case, values lose outer white space, several lines of a header are
 * joined by a comma, and encoded words are decoded. `aws-chunked` is a framing and not stored.
 *
 * @throws S3Error `InvalidArgument` for a name that the B2 Native API does not allow, or a value that is no UTF-8.
 */
export function readFileInfo(headers: Iterable<HeaderPair>): FileInfo {
  const info = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = keyOf(name.toLowerCase());
    if (key === undefined) continue;
    const text = readValue(name, value);
    const before = info.get(key);
    info.set(key, before === undefined ? text : `${before},${text}`);
  }
  return Object.fromEntries([...info].map(storedForm).filter(([key, value]) => value !== '' || !headerOf.has(key)));
}

function keyOf(header: string): string | undefined {
  if (!header.startsWith(metadataPrefix)) return fileInfoKeyOf.get(header);
  const name = header.slice(metadataPrefix.length);
  if (!nameShape.test(name) || name.length > maxMetadataNameBytes || name.startsWith('b2-') || name === '__proto__') {
    const message =
      `Metadata names must be 1 to ${maxMetadataNameBytes} letters, digits and -_.~!#$%^&*'+|\`, ` +
      'and not begin with b2-';
    throw invalidArgument(header, message);
  }
  return name;
}

function readValue(name: string, value: string): string {
  const bytes = bytesOfWireText(value.trim());
  const text = bytes === undefined ? undefined : textOfUtf8(bytes);
  if (text === undefined) throw invalidArgument(name, 'Header values must be UTF-8');
  return decodeWords(text);
}

function storedForm([key, value]: readonly [string, string]): [string, string] {
  return [key, key === storedHeaders['Content-Encoding'] ? withoutChunked(value) : value];
}

/** The content codings of a body without the framing of signed chunks. */
function withoutChunked(value: string): string {
  const codings = value.split(',').map((coding) => coding.trim());
  return codings.filter((coding) => coding !== '' && coding.toLowerCase() !== 'aws-chunked').join(',');
}

/** The headers of a download that say what {@link readFileInfo} read. */
export function printFileInfo(info: FileInfo): HeaderPair[] {
  return Object.entries(info).map(([key, value]) => [headerOf.get(key) ?? metadataPrefix + key, printValue(value)]);
}

/** Printable ASCII is sent as it is; all other text, and what would read as an encoded word, as an encoded word. */
function printValue(value: string): string {
  return value === '' || (plain.test(value) && !value.includes('=?')) ? value : encodeWord(value);
}

/** What counts towards the limit of metadata: the key, percent-encoded, and the names and values of file info. */
export function metadataSize(key: string, info: FileInfo): number {
  const entries = Object.entries(info).map(([name, value]) => utf8Length(name) + utf8Length(value));
  return entries.reduce((sum, size) => sum + size, encodePath(key).length);
}

/**
 * Checks the size of an object's metadata.
 *
 * @param isProtected Whether the object is encrypted, or in a bucket with Object Lock (B2 docs "Files").
 * @throws S3Error `MetadataTooLarge`
 */
export function checkMetadataSize(key: string, info: FileInfo, isProtected: boolean): void {
  const size = metadataSize(key, info);
  const limit = isProtected ? maxMetadataSizeProtected : maxMetadataSize;
  if (size > limit) throw new S3Error('MetadataTooLarge', { details: { Size: size, MaxSizeAllowed: limit } });
}
