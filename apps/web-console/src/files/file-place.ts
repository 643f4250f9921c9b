import type { FileRow } from './file-rows.ts';

/** The place in a bucket that the page of its files shows. Every folder, file and version has an address. */
export interface FilesSearch {
  /** The folder, with the slash at its end; absent: the top. */
  readonly prefix?: string;
  /**
   * `names`: the names in all folders; `versions`: all versions, hide markers among them; `unfinished`: unfinished
   * large files; absent: current names and folders.
   */
  readonly show?: 'names' | 'versions' | 'unfinished';
  /** The name of the file whose details are shown. */
  readonly file?: string;
  /** The id of the version whose details are shown; absent: the current one. */
  readonly version?: string;
  /** Names in all folders that begin with this text behind the prefix. */
  readonly search?: string;
}

/** Reads the query of an address; what is no place is left out. */
export function readFilesSearch(query: Readonly<Record<string, unknown>>): FilesSearch {
  const text = (name: keyof FilesSearch): string | undefined =>
    typeof query[name] === 'string' && query[name] !== '' ? query[name] : undefined;
  const [prefix, file, version, search, show] = [
    ...[text('prefix'), text('file'), text('version'), text('search'), text('show')],
  ];
  return {
    ...(prefix !== undefined && { prefix }),
    ...((show === 'names' || show === 'versions' || show === 'unfinished') && { show }),
    ...(file !== undefined && { file }),
    ...(version !== undefined && { version }),
    ...(search !== undefined && { search }),
  };
}

/** A step of the way to a folder. */
export interface Crumb {
  /** What of the prefix is the name of this folder, without the slash; may be empty (`a//b`). */
  readonly name: string;
  /** The folder, with the slash at its end. */
  readonly prefix: string;
}

/** Every folder on the way to `prefix`, from the top. What is behind the last slash is no folder. */
export function crumbsOf(prefix: string): readonly Crumb[] {
  const crumbs: Crumb[] = [];
  for (let start = 0, slash = prefix.indexOf('/'); slash !== -1; slash = prefix.indexOf('/', start)) {
    crumbs.push({ name: prefix.slice(start, slash), prefix: prefix.slice(0, slash + 1) });
    start = slash + 1;
  }
  return crumbs;
}

/** The folder that a name is in, with the slash at its end; empty at the top. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

/**
 * What a list of `prefix` calls a name or a folder: what is behind the prefix. A folder keeps the slash at its end, so
 * that one whose name is empty can be seen.
 */
export function labelIn(prefix: string, name: string): string {
  const label = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return label === '' ? name : label;
}

/** What a listing asks the server for. */
export interface ListedPlace {
  readonly kind: 'folders' | 'names' | 'versions' | 'unfinished';
  /** What all names in it begin with. */
  readonly prefix: string;
  /** Whether what lies in a folder stands as one row. */
  readonly isFolded: boolean;
}

/**
 * What has to be listed for an address, for a key that may see names with `namePrefix` only (empty: all); undefined if
 * nothing of the place can be seen with this key.
 */
export function listedPlace(
  { prefix = '', search = '', show }: FilesSearch,
  namePrefix: string,
): ListedPlace | undefined {
  const wanted = prefix + search;
  const isNarrower = wanted.startsWith(namePrefix);
  if (!isNarrower && !namePrefix.startsWith(wanted)) return undefined;
  const kind = show ?? 'folders';
  const isFolded = search === '' && (kind === 'folders' || kind === 'versions');
  return { kind, prefix: isNarrower ? wanted : namePrefix, isFolded };
}

/** Where a name goes that is copied from the folder `from` to the folder `to`. */
export function movedName(name: string, from: string, to: string): string {
  return to + labelIn(from, name);
}

/**
 * Where a row of a list leads: into a folder, or to the details of a file beside the same list. A list of versions
 * leads to the version of the row, others to the current one.
 */
export function placeOfRow(row: Pick<FileRow, 'kind' | 'name' | 'fileId'>, place: FilesSearch): FilesSearch {
  const { show } = place;
  if (row.kind === 'folder') return { prefix: row.name, ...(show !== undefined && { show }) };
  const { version: _, ...rest } = place;
  const hasVersion = (show === 'versions' || show === 'unfinished') && row.fileId !== null;
  return { ...rest, file: row.name, ...(hasVersion && { version: row.fileId }) };
}
