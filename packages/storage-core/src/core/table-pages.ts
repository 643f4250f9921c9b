import { afterKey, type MetadataStore, type Row, type TableName, type Tables } from '@coffer/storage-ports';
import { rowsPerRead, rowsPerTurn, Turns } from './turns.ts';

/**
 * Rows that are read at once. Work that looks up one more row for each of them handles {@link rowsPerTurn} rows per
 * page.
 */
const page = rowsPerTurn / 2;

/** The keys from `start` (inclusive) to `end` (exclusive; undefined: to the end of the table). */
export interface KeyRange {
  readonly start: Uint8Array;
  readonly end: Uint8Array | undefined;
}

/** How rows are read: with whose turns, until when, and how many at most. */
export interface PagedReading {
  /** Counts these rows together with what else the same work reads. Default: they are counted alone. */
  readonly turns?: Turns;
  readonly signal?: AbortSignal | undefined;
  /** At most this many rows. Default: all. */
  readonly limit?: number;
}

/** The rows of a range in pages, none of them empty. Between pages everything else gets its turn. */
export async function* pagesOf<Name extends TableName>(
  metadata: MetadataStore,
  table: Name,
  range: KeyRange,
  { turns = new Turns(), signal, limit = Infinity }: PagedReading = {},
): AsyncGenerator<readonly Row<Tables[Name]>[], void> {
  let { start } = range;
  for (let left = limit; left > 0;) {
    signal?.throwIfAborted();
    const asked = Math.min(page, left);
    const rows = await metadata.scan(table, { start, end: range.end, limit: asked });
    const last = rows.at(-1);
    if (last !== undefined) yield rows;
    await turns.handled(rows.length + rowsPerRead);
    if (last === undefined || rows.length < asked) return;
    left -= rows.length;
    start = afterKey(last.key);
  }
}

/** The rows of {@link pagesOf} one by one. */
export async function* rowsOf<Name extends TableName>(
  metadata: MetadataStore,
  table: Name,
  range: KeyRange,
  reading: PagedReading = {},
): AsyncGenerator<Row<Tables[Name]>, void> {
  for await (const rows of pagesOf(metadata, table, range, reading)) yield* rows;
}
