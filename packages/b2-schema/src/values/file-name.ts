import { maxFileNameBytes } from './limits.ts';
import { isWellFormed, utf8Length } from './text.ts';

/** Code points below U+0020, and DEL. */
function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/**
 * What is wrong with a file name, or undefined (B2 docs "Files", "File Names"): 1 to 1024 bytes of UTF-8, no control
 * characters.
 *
 * `strict` adds the rules of the docs of 2015 to 2018: no `/` at an end, no `//`, no backslash, no segment over 250
 * bytes. Names made through S3 break those, and the service lists and deletes such names.
 */
export function fileNameProblem(name: string, options: { readonly strict?: boolean } = {}): string | undefined {
  if (name === '') return 'File names must contain at least one character';
  if (!isWellFormed(name)) return 'File names must be valid Unicode';
  if (utf8Length(name) > maxFileNameBytes) return 'File names in UTF8 must be no more than 1024 bytes';
  if (hasControlCharacter(name)) return 'File names must not contain control characters';
  return options.strict === true ? legacyProblem(name) : undefined;
}

function legacyProblem(name: string): string | undefined {
  if (name.startsWith('/')) return "File names must not start with '/'";
  if (name.endsWith('/')) return "File names must not end with '/'";
  if (name.includes('//')) return "File names must not contain '//'";
  if (name.includes('\\')) return 'File names must not contain backslashes';
  const longest = Math.max(...name.split('/').map(utf8Length));
  return longest > 250 ? 'File names segment must not be more than 250 bytes' : undefined;
}
