import type { Collection, Key, Node } from 'react-stately';

/** Rows in their order, each with a key of its own. */
export interface Rows<Row> extends Iterable<Row> {
  readonly size: number;
  readonly at: (index: number) => Row | undefined;
  /** -1 if there is no such row. */
  readonly indexOf: (key: string) => number;
}

/** What a list has to know of a row, beside what it shows. */
export interface RowTexts {
  readonly key: string;
  /** What somebody types to find it. */
  readonly text: string;
  /** What is read out. */
  readonly spoken: string;
}

/**
 * Rows as the collection that React Aria's hooks work on. Nodes are made when they are asked for: a list of 100,000
 * rows has only those that are seen.
 */
export class RowCollection<Row> implements Collection<Node<Row>> {
  readonly #rows: Rows<Row>;
  readonly #textsOf: (row: Row) => RowTexts;

  constructor(rows: Rows<Row>, textsOf: (row: Row) => RowTexts) {
    this.#rows = rows;
    this.#textsOf = textsOf;
  }

  get size(): number {
    return this.#rows.size;
  }

  at(index: number): Node<Row> | null {
    const row = this.#rows.at(index);
    if (row === undefined) return null;
    const { key, text, spoken } = this.#textsOf(row);
    return {
      ...{ type: 'item', key, value: row, index, level: 0, hasChildNodes: false, childNodes: [] },
      ...{ rendered: null, textValue: text, 'aria-label': spoken, parentKey: null, props: {} },
    };
  }

  rowOf(key: Key): Row | undefined {
    return this.#rows.at(this.indexOf(key));
  }

  getItem(key: Key): Node<Row> | null {
    return this.at(this.indexOf(key));
  }

  indexOf(key: Key): number {
    return this.#rows.indexOf(String(key));
  }

  getKeyBefore(key: Key): Key | null {
    const index = this.indexOf(key);
    return index === -1 ? null : this.#keyAt(index - 1);
  }

  getKeyAfter(key: Key): Key | null {
    const index = this.indexOf(key);
    return index === -1 ? null : this.#keyAt(index + 1);
  }

  getFirstKey(): Key | null {
    return this.#keyAt(0);
  }

  getLastKey(): Key | null {
    return this.#keyAt(this.size - 1);
  }

  getTextValue(key: Key): string {
    return this.getItem(key)?.textValue ?? '';
  }

  *getKeys(): Generator<Key, void> {
    for (const row of this.#rows) yield this.#textsOf(row).key;
  }

  *[Symbol.iterator](): Generator<Node<Row>, void> {
    for (let at = 0; at < this.size; at++) {
      const node = this.at(at);
      if (node) yield node;
    }
  }

  #keyAt(index: number): Key | null {
    const row = this.#rows.at(index);
    return row === undefined ? null : this.#textsOf(row).key;
  }
}
