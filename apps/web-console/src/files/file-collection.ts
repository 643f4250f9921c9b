import type { Collection, Key, Node } from 'react-stately';
import { formatBytes } from '../format/bytes.ts';
import { visibleText } from '../format/visible-text.ts';
import type { FileListing } from './file-listing.ts';
import { labelIn } from './file-place.ts';
import type { FileRow } from './file-rows.ts';

/**
 * A listing as the collection that React Aria's hooks work on. Nodes are made when they are asked for: a list of
 * 100,000 rows has only those that are seen.
 */
export class FileCollection implements Collection<Node<FileRow>> {
  readonly #listing: FileListing;
  readonly #prefix: string;

  constructor(listing: FileListing, prefix: string) {
    this.#listing = listing;
    this.#prefix = prefix;
  }

  get size(): number {
    return this.#listing.size;
  }

  at(index: number): Node<FileRow> | null {
    const row = this.#listing.at(index);
    if (row === undefined) return null;
    const textValue = visibleText(labelIn(this.#prefix, row.name));
    return {
      ...{ type: 'item', key: row.key, value: row, index, level: 0, hasChildNodes: false, childNodes: [] },
      ...{ rendered: null, textValue, 'aria-label': spokenText(row, textValue), parentKey: null, props: {} },
    };
  }

  getItem(key: Key): Node<FileRow> | null {
    return this.at(this.indexOf(key));
  }

  indexOf(key: Key): number {
    return this.#listing.indexOf(String(key));
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
    for (const { key } of this.#listing) yield key;
  }

  *[Symbol.iterator](): Generator<Node<FileRow>, void> {
    for (let at = 0; at < this.size; at++) {
      const node = this.at(at);
      if (node) yield node;
    }
  }

  #keyAt(index: number): Key | null {
    return this.#listing.at(index)?.key ?? null;
  }
}

const kinds = { folder: 'folder', file: undefined, hideMarker: 'hide marker', unfinished: 'unfinished large file' };

/** What is read out of a row. */
function spokenText({ kind, size, mode, isNewest }: FileRow, name: string): string {
  const encryption = mode === undefined ? undefined : (mode ?? 'not encrypted');
  const age = isNewest === false ? 'older version' : undefined;
  return [name, kinds[kind], kind === 'file' ? formatBytes(size) : undefined, encryption, age]
    .filter((part) => part !== undefined)
    .join(', ');
}
