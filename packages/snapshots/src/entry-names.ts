import { createHash } from 'node:crypto';

/** The folder of the ZIP file in which files are whose names could not stay as they are. */
export const renamedFolder = '_renamed';

/** Bytes; what file systems take as the name of one file, less what is added to a name that is cut. */
const longestName = 160;

/** Under what name a file is stored, and whether that is another than its own. */
export interface EntryName {
  readonly storedAs: string;
  readonly isRenamed: boolean;
}

/**
 * Names for the entries of a ZIP file, one after the other. Names have to come in ascending order of their UTF-8, each
 * once; then no two get the same, and none gets the name of a folder that another is in.
 *
 * A name stays as it is unless a program that unpacks it could write elsewhere or over another file: a part between
 * slashes that is empty, `.` or `..`, a backslash, a control character, a drive letter at the beginning, a slash at the
 * end of a file that has content, or a beginning that is itself the name of a file (`a/b` beside `a`).
 *
 * Such a file is stored in the folder {@link renamedFolder}, in whose names everything but letters, digits, `-`, `_`,
 * `.` and spaces is written as the bytes of its UTF-8, `%` and two hexadecimal digits each. One that would be too long
 * is cut, and `~` and the SHA-256 of the name follow. Names that begin with that folder are treated like these.
 */
export class EntryNames {
  /** The names before this one that this one may begin with, each a beginning of the next. */
  readonly #beginnings: string[] = [];

  /** @param size Bytes of the file. */
  next(name: string, size: number): EntryName {
    const beginnings = this.#beginnings;
    while (beginnings.length > 0 && !name.startsWith(beginnings.at(-1) ?? '')) beginnings.pop();
    const isInsideFile = beginnings.some((beginning) => name.startsWith(`${beginning}/`));
    const isSafe = isSafeName(name, size) && !isInsideFile;
    // Only a file that is stored under its own name can be in the way of others.
    if (isSafe && !name.endsWith('/')) beginnings.push(name);
    return isSafe ? { storedAs: name, isRenamed: false } : { storedAs: safeName(name), isRenamed: true };
  }
}

function isSafeName(name: string, size: number): boolean {
  // An empty file whose name ends with a slash stands for a folder, in ZIP files, too.
  const path = size === 0 && name.endsWith('/') ? name.slice(0, -1) : name;
  const segments = path.split('/');
  return (
    segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..') &&
    segments[0] !== renamedFolder &&
    !/^[A-Za-z]:/.test(name) &&
    !/[\\\p{Cc}]/u.test(name)
  );
}

function safeName(name: string): string {
  const escaped = name
    .replace(/[^\p{L}\p{M}\p{N}\-_. ]/gu, escapeCharacter)
    .replace(/^\.+/, (dots) => escapeCharacter(dots));
  if (Buffer.byteLength(escaped) <= longestName) return `${renamedFolder}/${escaped}`;
  const digest = createHash('sha256').update(name).digest('hex');
  return `${renamedFolder}/${beginningOf(escaped, longestName)}~${digest}`;
}

function escapeCharacter(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** As many whole characters as fit into so many bytes. */
function beginningOf(text: string, bytes: number): string {
  let beginning = '';
  let length = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    beginning += character;
  }
  return beginning;
}
