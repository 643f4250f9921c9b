import { afterKey, type MetadataStore, type Row, type TableName, type Tables } from '@coffer/storage-ports';
import { StorageError } from '../services/storage-error.ts';
import { rowsOf, type KeyRange, type PagedReading } from './table-pages.ts';

/** A row that cannot be believed: what is wrong with it, and where it is. */
export interface UnsoundRow {
  readonly key: Uint8Array;
  readonly unsound: StorageError<'record_damaged'>;
}

/**
 * The rows of a range. In the place of a damaged row it gives what is wrong with that row, so that one row does not
 * hide all others. Only for work that handles rows one by one and reports the damage; an answer to a client must
 * instead fail.
 */
export async function* soundRowsOf<Name extends TableName>(
  metadata: MetadataStore,
  table: Name,
  { start, end }: KeyRange,
  reading: PagedReading = {},
): AsyncGenerator<Row<Tables[Name]> | UnsoundRow, void> {
  for (let from = start; ;) {
    try {
      for await (const row of rowsOf(metadata, table, { start: from, end }, reading)) {
        from = afterKey(row.key);
        yield row;
      }
      return;
    } catch (error) {
      const key = damagedKey(error);
      if (key === undefined) throw error;
      // A page with a damaged row is not given out at all, so the rows before it are read alone.
      yield* soundRowsOf(metadata, table, { start: from, end: key }, reading);
      yield { key, unsound: error as StorageError<'record_damaged'> };
      from = afterKey(key);
    }
  }
}

function damagedKey(error: unknown): Uint8Array | undefined {
  return StorageError.is(error, 'record_damaged') ? error.details.key : undefined;
}
