import type { ListedObject, Owner } from '@coffer/s3-schema';
import type { FileVersion, ListingRow, AccountStorage } from '@coffer/storage-core';
import { checksumTypeOf } from '../objects/views.ts';

/** The rows of a page, by what they are. */
export interface SplitRows {
  readonly versions: readonly FileVersion[];
  readonly commonPrefixes: readonly string[];
  /** The name of the last row; undefined for an empty page. */
  readonly last: string | undefined;
}

/** Takes objects and common prefixes apart. */
export function splitRows(rows: readonly ListingRow[]): SplitRows {
  const versions: FileVersion[] = [];
  const commonPrefixes: string[] = [];
  for (const row of rows) {
    if (row.kind === 'folder') commonPrefixes.push(row.name);
    else versions.push(row.version);
  }
  const last = rows.at(-1);
  return { versions, commonPrefixes, last: last && nameOf(last) };
}

/** The name of a row. */
export function nameOf(row: ListingRow): string {
  return row.kind === 'folder' ? row.name : row.version.name;
}

/** Objects as lists show them; `owner` only where it is to be shown. */
export async function listedObjects(
  { reads }: AccountStorage,
  versions: readonly FileVersion[],
  owner: Owner | undefined,
): Promise<ListedObject[]> {
  const tags = await reads.entityTags(versions);
  return versions.map((version, index) => ({
    key: version.name,
    lastModified: version.uploadTimestamp,
    etag: tags[index] ?? '',
    size: version.size,
    ...(owner !== undefined && { owner }),
    ...checksumFacts(version),
  }));
}

/** How a listing tells that a version has a checksum, without its value. */
export function checksumFacts({ checksums: { further } }: FileVersion) {
  return further === undefined ? {} : { checksumAlgorithm: further.algorithm, checksumType: checksumTypeOf(further) };
}
