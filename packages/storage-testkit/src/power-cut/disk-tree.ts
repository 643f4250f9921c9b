import { dirname, basename } from 'node:path/posix';
import { rootInode, type Inode } from './disk-operation.ts';

/** An error as Node's file system throws it. */
export function errno(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** Files and directories as a running process, or a started machine, sees them. */
export class DiskTree {
  readonly files = new Map<Inode, Uint8Array>();
  readonly directories = new Map<Inode, Map<string, Inode>>([[rootInode, new Map()]]);

  clone(): DiskTree {
    const copy = new DiskTree();
    for (const [inode, bytes] of this.files) copy.files.set(inode, bytes.slice());
    for (const [inode, names] of this.directories) copy.directories.set(inode, new Map(names));
    return copy;
  }

  /** @throws ENOENT, ENOTDIR. */
  directory(path: string): { readonly inode: Inode; readonly names: Map<string, Inode> } {
    const inode = this.lookup(path);
    const names = this.directories.get(inode);
    if (names === undefined) throw errno('ENOTDIR', path);
    return { inode, names };
  }

  /** The directory in which the last name of a path is, or would be. */
  place(path: string): { readonly directory: Inode; readonly names: Map<string, Inode>; readonly name: string } {
    const { inode, names } = this.directory(dirname(path));
    return { directory: inode, names, name: basename(path) };
  }

  lookup(path: string): Inode {
    if (path === '/') return rootInode;
    const { names, name } = this.place(path);
    const inode = names.get(name);
    if (inode === undefined) throw errno('ENOENT', path);
    return inode;
  }
}
