/**
 * The file info entries that become response headers of a download (B2 docs "Files", "File Information";
 * `b2_upload_file`). The grammar of each is that of its header: RFC 6266 and RFC 8187, RFC 2616 sections 14.9 and
 * 14.11; for language tags and dates, also other forms that clients send.
 */
const token = String.raw`[!#$%&'*+\-.^_\`|~0-9A-Za-z]+`;
const quoted = String.raw`"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"`;
const value = `(?:${token}|${quoted})`;
// Only UTF-8, no language.
const extendedValue = String.raw`UTF-8''(?:%[0-9A-Fa-f]{2}|[!#$&+\-.^_\`|~0-9A-Za-z])*`;
// Has no `*`: a name with one would be a continuation of RFC 2231, except for a single `*` at the end before an
// ext-value.
const plainName = String.raw`[!#$%&'+\-.^_\`|~0-9A-Za-z]+`;
const parameter = String.raw`(?:${plainName}\s*=\s*${value}|${plainName}\*\s*=\s*${extendedValue})`;
const disposition = new RegExp(String.raw`^${token}(?:\s*;\s*${parameter})*\s*$`, 'i');

// The outer form of RFC 5646, and that of a locale such as `en_US`, which B2's own SDK sends.
const languageTag = '[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*';
const languages = listOf(languageTag);
const encodings = listOf(token);
const directives = listOf(`${token}(?:=${value})?`);

const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}';
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = String.raw`\d{1,2}:\d{2}(?::\d{2})?`;
const zone = String.raw`(?:GMT|UTC|Z|[+-]\d{4})`;
const isoTime = String.raw`[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?`;
/**
 * The three forms of RFC 2616 section 3.3.1, read leniently; ISO 8601, which B2's own SDK sends; and a number, since
 * `0` and `-1` are often sent for "already expired".
 */
const date = new RegExp(
  [
    String.raw`^(?:(?:${day},? )?\d{1,2}[ -]${month}[ -](?:\d{2}|\d{4}) ${time} ${zone}`,
    String.raw`${day} ${month} [ \d]\d ${time} \d{4}`,
    String.raw`\d{4}-\d{2}-\d{2}(?:${isoTime})?`,
    String.raw`-?\d{1,16})$`,
  ].join('|'),
  'i',
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
