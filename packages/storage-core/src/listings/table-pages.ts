import { afterKey, type MetadataStore, type Row, type TableName, type Tables } from '@coffer/storage-ports';

const page = 200;

/**
 * All rows of a range, read in pages, for work in the background: between two pages everything else gets its turn, since a store in
 * this process may answer without ever waiting.
 */
export async function* rowsOf<Name extends TableName>(
  metadata: MetadataStore,
  table: Name,
  range: { readonly start: Uint8Array; readonly end: Uint8Array | undefined },
  signal?: AbortSignal,
): AsyncGenerator<Row<Tables[Name]>, void> {
  let { start } = range;
  for (;;) {
    signal?.throwIfAborted();
    const rows = await metadata.scan(table, { start, end: range.end, limit: page });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    start = afterKey(last.key);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
