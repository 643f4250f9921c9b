import {
  afterKey,
  afterPrefix,
  compareKeys,
  textPrefixKey,
  type MetadataStore,
  type Row,
  type TableName,
  type Tables,
} from '@coffer/storage-ports';
import { rowsPerRead, rowsPerTurn, Turns } from '../core/turns.ts';

/** A row of a listing before it is shown: a record, or a folder that stands for many. */
export type FoldedRow<Name extends TableName> =
  { readonly kind: 'record'; readonly row: Row<Tables[Name]> } | { readonly kind: 'folder'; readonly name: string };

export interface FoldedScan<Name extends TableName> {
  readonly table: Name;
  readonly bucketId: string;
  /** First key wanted; the listing begins there or at the prefix, whichever is later. */
  readonly start: Uint8Array;
  readonly prefix: string;
  /** Absent or empty: nothing is folded. */
  readonly delimiter: string | undefined;
  /** At most this many rows are wanted. */
  readonly limit: number;
  readonly nameOf: (row: Row<Tables[Name]>) => string;
  /** Absent: all rows are wanted. One that is not is read, but neither given out nor makes a folder. */
  readonly isWanted?: ((row: Row<Tables[Name]>) => boolean) | undefined;
}

const firstPage = 16;
const largestPage = rowsPerTurn;
const pageAfterFolder = 2;

/**
 * Rows of a bucket whose names begin with the prefix, in key order, where all names that are the same up to the first
 * delimiter after the prefix are one folder row. A folder is never read through: the scan goes on behind it. Pages grow
 * while no folder comes, so what is read is proportional to what is given out, folders included: each costs a read.
 * Rows that are not wanted are read as well.
 */
export async function* foldedScan<Name extends TableName>(
  metadata: MetadataStore,
  scan: FoldedScan<Name>,
): AsyncGenerator<FoldedRow<Name>, void> {
  const bounds = textPrefixKey([scan.bucketId], scan.prefix);
  const end = afterPrefix(bounds);
  let start = compareKeys(scan.start, bounds) > 0 ? scan.start : bounds;
  const turns = new Turns();
  let limit = scan.delimiter ? firstPage : Math.min(scan.limit, largestPage);
  while (end === undefined || compareKeys(start, end) < 0) {
    const rows = await metadata.scan(scan.table, { start, end, limit });
    const folder = yield* upToFolder(rows, scan);
    await turns.handled(rows.length + rowsPerRead);
    if (folder !== undefined) {
      yield { kind: 'folder', name: folder };
      start = afterPrefix(textPrefixKey([scan.bucketId], folder)) ?? start;
      limit = pageAfterFolder;
      continue;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    start = afterKey(last.key);
    limit = Math.min(2 * limit, largestPage);
  }
}

/** Gives the rows before the first folder, and returns that folder's name. */
function* upToFolder<Name extends TableName>(
  rows: readonly Row<Tables[Name]>[],
  scan: FoldedScan<Name>,
): Generator<FoldedRow<Name>, string | undefined> {
  for (const row of rows) {
    if (scan.isWanted?.(row) === false) continue;
    const folder = scan.delimiter ? folderOf(scan.nameOf(row), scan.prefix, scan.delimiter) : undefined;
    if (folder !== undefined) return folder;
    yield { kind: 'record', row };
  }
  return undefined;
}

/**
 * The folder that a name with this prefix is in: the name up to and with the first delimiter after the prefix;
 * undefined if there is none.
 */
export function folderOf(name: string, prefix: string, delimiter: string): string | undefined {
  const at = name.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : name.slice(0, at + delimiter.length);
}
