/**
 * The file info entries that become response headers of a download (B2 docs "Files", "File Information"; `b2_upload_file`). Each
 * grammar is that of the header: RFC 6266 and RFC 8187, RFC 2616 sections 14.9, 14.11, 14.12 and 14.21.
 */
const token = String.raw`[!#$%&'*+\-.^_\`|~0-9A-Za-z]+`;
const quoted = String.raw`"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"`;
const value = `(?:${token}|${quoted})`;
// Only UTF-8, no language.
const extendedValue = String.raw`UTF-8''(?:%[0-9A-Fa-f]{2}|[!#$&+\-.^_\`|~0-9A-Za-z])*`;
// A name with `*` inside or at the end would be a continuation of RFC 2231, unless it is a lone one at the end with an ext-value.
const plainName = String.raw`[!#$%&'+\-.^_\`|~0-9A-Za-z]+`;
const parameter = String.raw`(?:${plainName}\s*=\s*${value}|${plainName}\*\s*=\s*${extendedValue})`;
const disposition = new RegExp(String.raw`^${token}(?:\s*;\s*${parameter})*\s*$`, 'i');

const languageTag = '[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*';
const languages = listOf(languageTag);
const encodings = listOf(token);
const directives = listOf(`${token}(?:=${value})?`);

const days = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDays = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const months = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = String.raw`\d{2}:\d{2}:\d{2}`;
// RFC 2616 section 3.3.1: the three forms of a date.
const date = new RegExp(
  String.raw`^(?:${days}, \d{2} ${months} \d{4} ${time} GMT|${longDays}, \d{2}-${months}-\d{2} ${time} GMT|${days} ${months} [ \d]\d ${time} \d{4})$`,
);

function listOf(item: string): RegExp {
  return new RegExp(String.raw`^${item}(?:\s*,\s*${item})*$`);
}

/** The response header that each of the five becomes. */
export const specialFileInfoHeaders = {
  'b2-content-disposition': 'Content-Disposition',
  'b2-content-language': 'Content-Language',
  'b2-expires': 'Expires',
  'b2-cache-control': 'Cache-Control',
  'b2-content-encoding': 'Content-Encoding',
} as const satisfies Record<`b2-${string}`, string>;

/** A key of file info that becomes a response header of its own, such as `b2-content-disposition`. */
export type SpecialFileInfoKey = keyof typeof specialFileInfoHeaders;

/** Grammar of each. */
const grammars: Readonly<Record<SpecialFileInfoKey, RegExp>> = {
  'b2-content-disposition': disposition,
  'b2-content-language': languages,
  'b2-expires': date,
  'b2-cache-control': directives,
  'b2-content-encoding': encodings,
};

/** Whether this key of file info becomes a response header of its own. */
export function isSpecialFileInfoKey(key: string): key is SpecialFileInfoKey {
  return Object.hasOwn(grammars, key);
}

const printable = /^[\x20-\x7e]*$/;
const longest = 4096;

/** Whether `text` may be the value of that header. */
export function isValidSpecialFileInfo(key: SpecialFileInfoKey, text: string): boolean {
  return text.length <= longest && printable.test(text) && grammars[key].test(text);
}
