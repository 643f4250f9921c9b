import { errno } from './power-cut/disk-tree.ts';
import type { FileCall, BlobFileSystem, BlobFile } from '@coffer/storage-ports';

/** Decides for each system call whether it fails, and with which error name, such as EIO. */
export interface FilePlan {
  next(call: FileCall): string | undefined;
}

/** A plan that counts calls, and lets one of them fail. */
export interface CountingFilePlan extends FilePlan {
  /** The calls so far, in order. */
  readonly calls: readonly FileCall[];
  /** The call that failed; undefined if it was not made yet. */
  readonly failed: FileCall | undefined;
}

/** A plan that lets the `failing`-th call, from 1, fail with the error `name`. */
export function countingFilePlan(failing: number, name: string): CountingFilePlan {
  const calls: FileCall[] = [];
  return {
    calls,
    get failed() {
      return calls[failing - 1];
    },
    next: (call) => (calls.push(call) === failing ? name : undefined),
  };
}

/**
 * A file system whose calls fail as planned, without an effect. Only closing has its effect: the file is closed even if
 * the call fails.
 */
export function faultyFileSystem(inner: BlobFileSystem, plan: FilePlan): BlobFileSystem {
  const faulty = async <T>(call: FileCall, work: () => Promise<T>): Promise<T> => {
    const name = plan.next(call);
    if (name !== undefined) throw errno(name, `injected into ${call}`);
    return work();
  };
  const faultyFile = (file: BlobFile): BlobFile => ({
    read: (target, position) => faulty('read', () => file.read(target, position)),
    write: (bytes) => faulty('write', () => file.write(bytes)),
    datasync: () => faulty('datasync', () => file.datasync()),
    size: () => faulty('size', () => file.size()),
    close: async () => {
      await file.close();
      await faulty('close', () => Promise.resolve());
    },
  });
  return {
    create: (path) => faulty('create', async () => faultyFile(await inner.create(path))),
    open: (path) => faulty('open', async () => faultyFile(await inner.open(path))),
    link: (existing, path) => faulty('link', () => inner.link(existing, path)),
    unlink: (path) => faulty('unlink', () => inner.unlink(path)),
    mkdir: (path) => faulty('mkdir', () => inner.mkdir(path)),
    rmdir: (path) => faulty('rmdir', () => inner.rmdir(path)),
    syncDirectory: (path) => faulty('syncDirectory', () => inner.syncDirectory(path)),
    readdir: (path) => faulty('readdir', () => inner.readdir(path)),
    size: (path) => faulty('size', () => inner.size(path)),
  };
}
