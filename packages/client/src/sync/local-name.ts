/** Begins the names of files that are not complete; no such name is ever transferred. */
export const temporaryPrefix = '.coffer-sync-';

/** Whether a part of the name is that of an incomplete file. */
export function isTemporary(name: string): boolean {
  return name.split('/').some((segment) => segment.startsWith(temporaryPrefix));
}

/** Bytes; of the usual file systems. */
const longestSegment = 255;

/** Why no file of a directory can have this name; undefined if one can. */
export function localNameProblem(name: string, platform: string): string | undefined {
  if (name.includes('\0')) return 'has a NUL';
  for (const segment of name.split('/')) {
    if (segment === '') return 'has an empty part: it begins or ends with a slash, or has two in a row';
    if (segment === '.' || segment === '..') return 'would lead elsewhere';
    if (Buffer.byteLength(segment) > longestSegment) return 'has a part that is too long';
    const problem = platform === 'win32' ? windowsProblem(segment) : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Microsoft's "Naming Files, Paths, and Namespaces". */
function windowsProblem(segment: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[<>:"\\|?*\u0000-\u001f]/.test(segment)) return 'has a character that Windows does not allow';
  if (/[. ]$/.test(segment)) return 'has a part that ends with a dot or a space';
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(segment) ? 'is the name of a device' : undefined;
}

/** The names of the directories that a file of this name is in: `a` and `a/b` of `a/b/c`. */
export function parentsOf(name: string): string[] {
  const segments = name.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
