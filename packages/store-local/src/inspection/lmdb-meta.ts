import { StoreError } from '@coffer/storage-ports';

/*
 * How LMDB lays out its data file, from the sources of the version that lmdb-js 3.5 is built with (liblmdb/mdb.c:
 * MDB_page_header, MDB_meta, MDB_db, MDB_node, MDB_ovpage; data version 2). Numbers are in the machine's own byte
 * order, which is little-endian wherever Node runs on what it calls tier 1.
 *
 *   page header, 24 bytes: number(8) transaction(8) pad(2) flags(2) lower(2) upper(2)
 *   meta page, the first two pages, after the header: magic(4) version(4) address(8) mapSize(8) tree of free pages(48)
 *     main tree(48) lastPage(8) transaction(8)
 *   tree, 48 bytes: pad(4; in the first tree the page size) flags(2) depth(2) branch pages(8) leaf pages(8)
 *     overflow pages(8) entries(8) root page(8; all ones: none)
 */
export const pageHeader = { length: 24, numberAt: 0, flagsAt: 18, lowerAt: 20, upperAt: 22 } as const;
export const pageFlags = { branch: 0x01, leaf: 0x02, overflow: 0x04, meta: 0x08, kinds: 0x2f } as const;
export const treeLength = 48;

/** Bytes that are read of each meta page. */
const metaLength = 168;
const meta = {
  magicAt: 24,
  versionAt: 28,
  freeTreeAt: 48,
  mainTreeAt: 96,
  lastPageAt: 144,
  transactionAt: 152,
} as const;
const magic = 0xbeefc0de;
const dataVersion = 2;
const noPage = 0xffff_ffff_ffff_ffffn;
/** LMDB's trees are at most this deep (CURSOR_STACK). */
const deepest = 32;

/** A tree of pages: a table, or one of LMDB's own two. */
export interface LmdbTree {
  /** Undefined: the tree is empty. */
  readonly root: number | undefined;
  /** How many pages there are from the root to a leaf, both included. */
  readonly depth: number;
}

/** What a meta page says: it describes one complete state of the data. */
export interface LmdbMeta {
  /** Bytes. */
  readonly pageSize: number;
  /** The number of the last page that is, or once was, in use. */
  readonly lastPage: number;
  readonly transaction: bigint;
  readonly free: LmdbTree;
  readonly main: LmdbTree;
}

/** The error for damaged metadata. `text` says what is wrong, for the operator. */
export function damage(text: string): StoreError {
  return new StoreError('io', `The metadata is damaged: ${text}`);
}

/**
 * The newer of the states that the two meta pages describe. `read` gives up to `length` bytes from a position in the
 * file. @throws StoreError `io`.
 */
export function newestMeta(read: (position: number, length: number) => Uint8Array): LmdbMeta {
  const first = parseMeta(read(0, metaLength), 0);
  const second = parseMeta(read(first.pageSize, metaLength), 1);
  if (second.pageSize !== first.pageSize) throw damage('its two meta pages contradict each other');
  return second.transaction > first.transaction ? second : first;
}

function parseMeta(page: Uint8Array, number: number): LmdbMeta {
  if (page.length < metaLength) throw damage('the file is cut off within its first two pages');
  const view = viewOf(page);
  const isMeta =
    (view.getUint16(pageHeader.flagsAt, true) & pageFlags.meta) !== 0 &&
    view.getUint32(meta.magicAt, true) === magic &&
    (view.getUint32(meta.versionAt, true) & 0xffff) === dataVersion;
  if (!isMeta) throw damage(`page ${number} of the file is not one of LMDB's, or not of this version`);
  const pageSize = view.getUint32(meta.freeTreeAt, true);
  const lastPage = Number(view.getBigUint64(meta.lastPageAt, true));
  const isPossible = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0 && lastPage >= 1;
  if (!isPossible || !Number.isSafeInteger(lastPage * pageSize)) throw damage(`page ${number} of the file is garbled`);
  return {
    pageSize,
    lastPage,
    transaction: view.getBigUint64(meta.transactionAt, true),
    free: parseTree(view, meta.freeTreeAt),
    main: parseTree(view, meta.mainTreeAt),
  };
}

/** @throws StoreError `io` if the bytes cannot be a tree. */
export function parseTree(view: DataView, at: number): LmdbTree {
  const depth = view.getUint16(at + 6, true);
  const root = view.getBigUint64(at + 40, true);
  if (root === noPage) return { root: undefined, depth: 0 };
  if (depth < 1 || depth > deepest) throw damage('a table has an impossible depth');
  return { root: Number(root), depth };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
