import {
  damage,
  pageFlags,
  pageHeader,
  parseTree,
  treeLength,
  viewOf,
  type LmdbMeta,
  type LmdbTree,
} from './lmdb-meta.ts';
import type { PageFile } from './page-file.ts';

const nodeHeader = { length: 8, flagsAt: 4, keyLengthAt: 6 } as const;
const nodeFlags = { overflow: 0x01, tree: 0x02, duplicates: 0x04 } as const;
/** Where an overflow node says its pages: first(8) transaction(8) count(8). */
const overflowLength = 24;

/** A page to be looked at. `below`: how many levels are below it. */
interface Place {
  readonly page: number;
  readonly below: number;
  readonly isMain: boolean;
}

/** What was looked at. */
export interface WalkedPages {
  readonly pages: number;
  /** Whether these were all pages of all trees. */
  readonly isWhole: boolean;
}

/**
 * Follows the trees of a state from their roots, level by level. Checks of each page that it belongs to its tree, that
 * its entries lie within it, and that every page that it points at exists and is pointed at only once. Stops after
 * `limit` pages, unless the file is shorter than the state says: then all pages are checked, since only free pages may
 * be missing. Contents of overflow pages are not read.
 *
 * @throws StoreError `io` saying what is damaged.
 */
export function walkPages(file: PageFile, meta: LmdbMeta, limit: number): WalkedPages {
  const walk = new PageWalk(file, meta);
  const isShort = file.size < (meta.lastPage + 1) * meta.pageSize;
  return walk.run(isShort ? Infinity : limit);
}

class PageWalk {
  readonly #file: PageFile;
  readonly #meta: LmdbMeta;
  readonly #pagesOfFile: number;
  /** A bit for each page that something points at. */
  readonly #seen: Uint8Array;
  #next: Place[] = [];

  constructor(file: PageFile, meta: LmdbMeta) {
    this.#file = file;
    this.#meta = meta;
    this.#pagesOfFile = Math.floor(file.size / meta.pageSize);
    this.#seen = new Uint8Array(Math.ceil(this.#pagesOfFile / 8));
  }

  run(limit: number): WalkedPages {
    this.#addTree(this.#meta.free, false);
    this.#addTree(this.#meta.main, true);
    let pages = 0;
    while (this.#next.length > 0) {
      const level = this.#next.sort((a, b) => a.page - b.page);
      this.#next = [];
      for (const place of level) {
        if (pages === limit) return { pages, isWhole: false };
        this.#checkPage(place);
        pages++;
      }
    }
    return { pages, isWhole: true };
  }

  #addTree({ root, depth }: LmdbTree, isMain: boolean): void {
    if (root !== undefined) this.#add({ page: root, below: depth - 1, isMain });
  }

  #add(place: Place): void {
    this.#claim(place.page);
    this.#next.push(place);
  }

  #claim(page: number): void {
    if (page < 2 || page > this.#meta.lastPage) throw damage(`something points at page ${page}, which does not exist`);
    if (page >= this.#pagesOfFile) throw damage(`the file is cut off before page ${page}, which is in use`);
    const [at, bit] = [page >> 3, 1 << (page & 7)];
    const bits = this.#seen[at] ?? 0;
    if ((bits & bit) !== 0) throw damage(`page ${page} is used twice`);
    this.#seen[at] = bits | bit;
  }

  #checkPage(place: Place): void {
    const { pageSize } = this.#meta;
    const view = viewOf(this.#file.read(place.page * pageSize, pageSize));
    const kind = place.below === 0 ? pageFlags.leaf : pageFlags.branch;
    const lower = view.getUint16(pageHeader.lowerAt, true);
    const upper = view.getUint16(pageHeader.upperAt, true);
    const isIntact =
      view.getBigUint64(pageHeader.numberAt, true) === BigInt(place.page) &&
      (view.getUint16(pageHeader.flagsAt, true) & pageFlags.kinds) === kind &&
      lower % 2 === 0 &&
      lower <= upper &&
      upper <= pageSize - pageHeader.length &&
      lower > 0;
    if (!isIntact) throw garbled(place.page);
    for (let slot = 0; slot < lower; slot += 2) {
      const node = pageHeader.length + view.getUint16(pageHeader.length + slot, true);
      if (node < pageHeader.length + upper || node + nodeHeader.length > pageSize) throw garbled(place.page);
      if (place.below === 0) this.#checkLeafNode(view, node, place);
      else this.#checkBranchNode(view, node, place);
    }
  }

  #checkBranchNode(view: DataView, node: number, { page, below, isMain }: Place): void {
    const keyEnd = node + nodeHeader.length + view.getUint16(node + nodeHeader.keyLengthAt, true);
    if (keyEnd > this.#meta.pageSize) throw garbled(page);
    const child = view.getUint32(node, true) + view.getUint16(node + nodeHeader.flagsAt, true) * 2 ** 32;
    this.#add({ page: child, below: below - 1, isMain });
  }

  #checkLeafNode(view: DataView, node: number, { page, isMain }: Place): void {
    const flags = view.getUint16(node + nodeHeader.flagsAt, true);
    const length = view.getUint32(node, true);
    const data = node + nodeHeader.length + view.getUint16(node + nodeHeader.keyLengthAt, true);
    const isOverflow = (flags & nodeFlags.overflow) !== 0;
    if (data + (isOverflow ? overflowLength : length) > this.#meta.pageSize) throw garbled(page);
    if ((flags & nodeFlags.duplicates) !== 0 || ((flags & nodeFlags.tree) !== 0) !== isMain) throw garbled(page);
    if (isOverflow) this.#claimOverflow(view, data, length, page);
    if (!isMain) return;
    if (length !== treeLength) throw garbled(page);
    this.#addTree(parseTree(view, data), false);
  }

  #claimOverflow(view: DataView, at: number, length: number, page: number): void {
    const first = Number(view.getBigUint64(at, true));
    const count = Math.floor((pageHeader.length - 1 + length) / this.#meta.pageSize) + 1;
    if (Number(view.getBigUint64(at + 16, true)) !== count) throw garbled(page);
    for (let number = first; number < first + count; number++) this.#claim(number);
  }
}

function garbled(page: number) {
  return damage(`page ${page} is garbled`);
}
