import type { Choose } from './choices.ts';
import { crashState } from './crash-state.ts';
import type { DiskOperation, HistoryEntry, Inode } from './disk-operation.ts';
import { DiskTree, errno } from './disk-tree.ts';
import type { BlobFileSystem, BlobFile } from '@coffer/storage-ports';

/**
 * A disk in memory that remembers what was written, flushed, named and removed, in order, and can tell in which states
 * a power cut may leave it. It promises what POSIX does and no more: a file's data is durable after a flush of the
 * file, and a name after a flush of its directory; a new directory's own name is its parent's. It has the methods of
 * the file system that a store needs.
 *
 * `Mark`: what a test notes in between, such as that a write was acknowledged.
 */
export class PowerCutDisk<Mark = never> implements BlobFileSystem {
  readonly #start: DiskTree;
  readonly #tree: DiskTree;
  readonly #history: HistoryEntry<Mark>[] = [];
  #lastInode = 0;
  /** The flush that fails, from 1, counted from the start. */
  failingFlush: number | undefined;
  #flushes = 0;

  /** A disk with everything in `start` durable; empty by default. */
  constructor(start: DiskTree = new DiskTree()) {
    this.#start = start;
    this.#tree = start.clone();
    this.#lastInode = Math.max(0, ...start.files.keys(), ...start.directories.keys());
  }

  /** What happened so far. The power can be cut after any of its entries. */
  get history(): readonly HistoryEntry<Mark>[] {
    return this.#history;
  }

  /** Flushes so far, those that failed included. */
  get flushes(): number {
    return this.#flushes;
  }

  mark(mark: Mark): void {
    this.#history.push({ kind: 'mark', mark });
  }

  /** A disk as it may be found when the power was cut after the first `length` entries of the history. */
  afterPowerCut(length: number, choose: Choose): PowerCutDisk<Mark> {
    const operations = this.#history.slice(0, length).filter((entry): entry is DiskOperation => entry.kind !== 'mark');
    return new PowerCutDisk<Mark>(crashState(this.#start, operations, choose));
  }

  async create(path: string): Promise<BlobFile> {
    await turn();
    const inode = this.#newName(path, false);
    this.#tree.files.set(inode, new Uint8Array());
    return this.#file(inode);
  }

  async open(path: string): Promise<BlobFile> {
    await turn();
    const inode = this.#tree.lookup(path);
    if (!this.#tree.files.has(inode)) throw errno('EISDIR', path);
    return this.#file(inode);
  }

  async link(existing: string, path: string): Promise<void> {
    await turn();
    this.#newName(path, false, this.#tree.lookup(existing));
  }

  async unlink(path: string): Promise<void> {
    await turn();
    if (this.#tree.directories.has(this.#tree.lookup(path))) throw errno('EISDIR', path);
    this.#removeName(path, false);
  }

  async mkdir(path: string): Promise<void> {
    await turn();
    this.#tree.directories.set(this.#newName(path, true), new Map());
  }

  async rmdir(path: string): Promise<void> {
    await turn();
    if (this.#tree.directory(path).names.size > 0) throw errno('ENOTEMPTY', path);
    this.#removeName(path, true);
  }

  async syncDirectory(path: string): Promise<void> {
    await turn();
    this.#flush(this.#tree.directory(path).inode);
  }

  async readdir(path: string): Promise<readonly string[]> {
    await turn();
    return [...this.#tree.directory(path).names.keys()];
  }

  async size(path: string): Promise<number> {
    await turn();
    return this.#tree.files.get(this.#tree.lookup(path))?.length ?? 0;
  }

  #newName(path: string, isDirectory: boolean, inode: Inode = ++this.#lastInode): Inode {
    const { directory, names, name } = this.#tree.place(path);
    if (names.has(name)) throw errno('EEXIST', path);
    names.set(name, inode);
    this.#history.push({ kind: 'name', directory, name, inode, isDirectory });
    return inode;
  }

  #removeName(path: string, isDirectory: boolean): void {
    const { directory, names, name } = this.#tree.place(path);
    names.delete(name);
    this.#history.push({ kind: 'name', directory, name, inode: null, isDirectory });
  }

  #flush(inode: Inode): void {
    const fails = ++this.#flushes === this.failingFlush;
    this.#history.push({ kind: fails ? 'failed-flush' : 'flush', inode });
    if (fails) throw errno('EIO', `inode ${inode}`);
  }

  #file(inode: Inode): BlobFile {
    const content = () => this.#tree.files.get(inode) ?? new Uint8Array();
    let end = 0;
    return {
      read: async (target, position) => {
        await turn();
        const bytes = content().subarray(position, position + target.length);
        target.set(bytes);
        return bytes.length;
      },
      write: async (bytes) => {
        await turn();
        this.#history.push({ kind: 'write', inode, offset: end, bytes: bytes.slice() });
        const grown = new Uint8Array(Math.max(content().length, end + bytes.length));
        grown.set(content());
        grown.set(bytes, end);
        this.#tree.files.set(inode, grown);
        end += bytes.length;
        return bytes.length;
      },
      datasync: async () => {
        await turn();
        this.#flush(inode);
      },
      size: async () => {
        await turn();
        return content().length;
      },
      close: turn,
    };
  }
}

/** Resolves later, so that concurrent calls take turns, as those of a real file system do. */
function turn(): Promise<void> {
  return Promise.resolve();
}
