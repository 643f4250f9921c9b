import type { Choose } from './choices.ts';
import { rootInode, type DiskOperation, type Inode } from './disk-operation.ts';
import type { DiskTree } from './disk-tree.ts';

/** A disk writes whole sectors. Nobody knows which of its sectors an interrupted write has reached. */
const sectorLength = 512;

type NameChange = DiskOperation & { readonly kind: 'name' };
type DataWrite = DiskOperation & { readonly kind: 'write' };

/** What is certainly on disk, and what may be. */
interface Durability {
  readonly sure: readonly DiskOperation[];
  readonly names: readonly NameChange[];
  readonly writes: readonly DataWrite[];
}

/**
 * A state in which a disk that was as `before` may be found after the power was cut at the end of `operations`. Each
 * change of a directory that no flush covers may be there or not, independently of others; so may each sector of a
 * write that no flush covers. The length of a file is any that it had meanwhile, and bytes that were never written are
 * zeros.
 */
export function crashState(before: DiskTree, operations: readonly DiskOperation[], choose: Choose): DiskTree {
  const { sure, names, writes } = durabilityOf(operations);
  const kept = new Set<DiskOperation>(sure);
  for (const change of names) if (choose(2) === 1) kept.add(change);
  const tree = before.clone();
  // Applied in their order, so that of two changes of one name the later wins if both are kept.
  for (const operation of operations) if (operation.kind === 'name' && kept.has(operation)) applyName(tree, operation);
  for (const operation of sure) if (operation.kind === 'write') applyBytes(tree, operation, () => true);
  for (const inode of reachableFiles(tree))
    tear(
      tree,
      writes.filter((write) => write.inode === inode),
      choose,
    );
  return tree;
}

function durabilityOf(operations: readonly DiskOperation[]): Durability {
  const sure: DiskOperation[] = [];
  let dirty: DiskOperation[] = [];
  const lost: DiskOperation[] = [];
  for (const operation of operations) {
    if (operation.kind === 'name' || operation.kind === 'write') {
      dirty.push(operation);
      continue;
    }
    const covered = dirty.filter((change) => inodeOf(change) === operation.inode);
    dirty = dirty.filter((change) => inodeOf(change) !== operation.inode);
    (operation.kind === 'flush' ? sure : lost).push(...covered);
  }
  const open = new Set([...dirty, ...lost]);
  const names = operations.filter((operation) => operation.kind === 'name' && open.has(operation)) as NameChange[];
  const writes = operations.filter((operation) => operation.kind === 'write' && open.has(operation)) as DataWrite[];
  return { sure, names, writes };
}

function inodeOf(operation: DiskOperation): Inode {
  return operation.kind === 'name' ? operation.directory : operation.inode;
}

function applyName(tree: DiskTree, { directory, name, inode, isDirectory }: NameChange): void {
  const names = tree.directories.get(directory) ?? new Map<string, Inode>();
  tree.directories.set(directory, names);
  if (inode === null) {
    names.delete(name);
    return;
  }
  names.set(name, inode);
  if (isDirectory && !tree.directories.has(inode)) tree.directories.set(inode, new Map());
  if (!isDirectory && !tree.files.has(inode)) tree.files.set(inode, new Uint8Array());
}

/** Files that have a name below the root. Files without a name cannot be found, so their state does not matter. */
function reachableFiles(tree: DiskTree): readonly Inode[] {
  const found = new Set<Inode>();
  const visit = (directory: Inode) => {
    for (const inode of tree.directories.get(directory)?.values() ?? []) {
      if (tree.directories.has(inode)) visit(inode);
      else found.add(inode);
    }
  };
  visit(rootInode);
  return [...found];
}

function tear(tree: DiskTree, writes: readonly DataWrite[], choose: Choose): void {
  const last = writes.at(-1);
  if (last === undefined) return;
  for (const write of writes) applyBytes(tree, write, () => choose(2) === 1);
  const file = tree.files.get(last.inode) ?? new Uint8Array();
  const end = Math.max(...writes.map(({ offset, bytes }) => offset + bytes.length));
  // The data may be there without the length, or the length without the data.
  const lengths = [writes[0]?.offset ?? 0, ...writes.map(({ offset, bytes }) => offset + bytes.length)];
  const length = lengths[choose(lengths.length)] ?? end;
  const resized = new Uint8Array(length);
  resized.set(file.subarray(0, length));
  tree.files.set(last.inode, resized);
}

/** Writes the sectors for which `isKept` returns true; the file gets the length of the whole write in any case. */
function applyBytes(tree: DiskTree, { inode, offset, bytes }: DataWrite, isKept: () => boolean): void {
  const file = tree.files.get(inode) ?? new Uint8Array();
  const end = offset + bytes.length;
  const grown = new Uint8Array(Math.max(file.length, end));
  grown.set(file);
  for (let at = offset; at < end;) {
    const next = Math.min(end, (Math.floor(at / sectorLength) + 1) * sectorLength);
    if (isKept()) grown.set(bytes.subarray(at - offset, next - offset), at);
    at = next;
  }
  tree.files.set(inode, grown);
}
