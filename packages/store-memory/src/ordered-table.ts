import { compareKeys, type ScanOptions } from '@coffer/storage-ports';

/** A row of an {@link OrderedTable}; values of every table live here, so their type is not known. */
export interface StoredRow {
  readonly key: Uint8Array;
  readonly value: unknown;
  readonly version: number;
}

/** Rows in bytewise key order. */
export class OrderedTable {
  readonly #rows: StoredRow[] = [];

  get(key: Uint8Array): StoredRow | undefined {
    const row = this.#rows[this.#position(key)];
    return row !== undefined && compareKeys(row.key, key) === 0 ? row : undefined;
  }

  put(row: StoredRow): void {
    const replaced = this.get(row.key) === undefined ? 0 : 1;
    this.#rows.splice(this.#position(row.key), replaced, row);
  }

  delete(key: Uint8Array): void {
    if (this.get(key) !== undefined) this.#rows.splice(this.#position(key), 1);
  }

  hasPrefix(prefix: Uint8Array): boolean {
    const row = this.#rows[this.#position(prefix)];
    return row !== undefined && compareKeys(row.key.subarray(0, prefix.length), prefix) === 0;
  }

  scan({ start, end, limit, reverse = false }: ScanOptions): readonly StoredRow[] {
    const from = this.#position(start);
    const to = Math.max(from, end === undefined ? this.#rows.length : this.#position(end));
    return reverse
      ? this.#rows.slice(Math.max(from, to - limit), to).reverse()
      : this.#rows.slice(from, Math.min(to, from + limit));
  }

  /** Where the first row that is not before `key` is, or would be. */
  #position(key: Uint8Array): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.#rows[middle];
      if (row !== undefined && compareKeys(row.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
