import { link, mkdir, open, readdir, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import type { BlobFile, BlobFileSystem } from '@coffer/storage-ports';
import { syncDirectory } from './durable-directory.ts';

/** The file system of the operating system. */
export const nodeBlobFileSystem: BlobFileSystem = {
  create: async (path) => nodeFile(await open(path, 'wx', 0o600)),
  open: async (path) => nodeFile(await open(path, 'r')),
  link,
  unlink,
  mkdir: (path) => mkdir(path, { mode: 0o700 }),
  rmdir,
  syncDirectory,
  readdir,
  size: async (path) => (await stat(path)).size,
};

function nodeFile(handle: FileHandle): BlobFile {
  return {
    read: async (target, position) => (await handle.read(target, 0, target.length, position)).bytesRead,
    write: async (bytes) => (await handle.write(bytes)).bytesWritten,
    datasync: () => handle.datasync(),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}
