import { compareKeys } from '@coffer/storage-ports';

/** A row and the key by which it is in order. */
export interface KeyedRow<Row> {
  readonly key: Uint8Array;
  readonly row: Row;
}

/**
 * The first rows in the order of their keys, of rows that come in any order: at most `limit` of them are kept at a
 * time. Of rows with the same key the first that came is kept.
 */
export class FirstRows<Row> {
  readonly #limit: number;
  readonly #rows: KeyedRow<Row>[] = [];

  /** @param limit At least 1. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get rows(): readonly KeyedRow<Row>[] {
    return this.#rows;
  }

  add(key: Uint8Array, row: Row): void {
    const at = this.#placeOf(key);
    const there = this.#rows[at];
    if (at === this.#limit || (there !== undefined && compareKeys(there.key, key) === 0)) return;
    this.#rows.splice(at, 0, { key, row });
    if (this.#rows.length > this.#limit) this.#rows.pop();
  }

  /** How many rows are before the key. */
  #placeOf(key: Uint8Array): number {
    let from = 0;
    let to = this.#rows.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const there = this.#rows[middle];
      if (there !== undefined && compareKeys(there.key, key) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
