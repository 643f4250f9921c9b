import type { BlobFile, BlobFileSystem } from '@coffer/storage-ports';
import { flushedAlongTheWay } from '../src/flushed-file.ts';

/** Wraps a file system so that a store over it makes one mistake. */
export type Breaks = (files: BlobFileSystem) => BlobFileSystem;

/** The file system with its methods bound, so that some can be replaced. */
function copyOf(files: BlobFileSystem): BlobFileSystem {
  return {
    create: (path) => files.create(path),
    open: (path) => files.open(path),
    link: (existing, path) => files.link(existing, path),
    unlink: (path) => files.unlink(path),
    mkdir: (path) => files.mkdir(path),
    rmdir: (path) => files.rmdir(path),
    syncDirectory: (path) => files.syncDirectory(path),
    readdir: (path) => files.readdir(path),
    size: (path) => files.size(path),
  };
}

const nothing = () => Promise.resolve();

/** Leaves a flush out; of directories only of those that match. */
export function without(call: 'datasync' | 'syncDirectory', of = /.*/): Breaks {
  return (files) =>
    call === 'datasync'
      ? { ...copyOf(files), create: async (path) => ({ ...(await files.create(path)), datasync: nothing }) }
      : { ...copyOf(files), syncDirectory: (path) => (of.test(path) ? nothing() : files.syncDirectory(path)) };
}

/** A file of which at most so many bytes are written at once, so that small files take several writes. */
function shortWrites(file: BlobFile, bytes: number): BlobFile {
  return { ...file, write: (piece) => file.write(piece.subarray(0, bytes)) };
}

/** No mistake: writes and flushes files along the way after so many bytes, as the store does with large ones. */
export function flushedAfter(bytes: number): Breaks {
  return (files) => ({
    ...copyOf(files),
    create: async (path) => flushedAlongTheWay(shortWrites(await files.create(path), bytes), bytes),
  });
}

/** Flushes files along the way, and takes no notice of flushes that fail. */
export function carelesslyFlushedAfter(bytes: number): Breaks {
  return (files) => ({
    ...copyOf(files),
    create: async (path) => {
      const file = shortWrites(await files.create(path), bytes);
      const write = async (piece: Uint8Array) => {
        const written = await file.write(piece);
        await file.datasync().catch(() => undefined);
        return written;
      };
      return { ...file, write };
    },
  });
}

/** Puts the flush of the file after its naming. */
export const linkBeforeFlush: Breaks = (files) => {
  const flushes = new Map<string, () => Promise<void>>();
  return {
    ...copyOf(files),
    create: async (path) => {
      const file: BlobFile = await files.create(path);
      flushes.set(path, () => file.datasync());
      return { ...file, datasync: nothing };
    },
    link: async (existing, path) => {
      await files.link(existing, path);
      await flushes.get(existing)?.();
    },
  };
};

/** Names the blob as soon as there is a file. */
export const publishAtOnce: Breaks = (files) => ({
  ...copyOf(files),
  create: async (path) => {
    const file = await files.create(path);
    const [, root, id = ''] = /^(.*)\/tmp\/([a-z0-9]+)-/.exec(path) ?? [];
    await files.link(path, `${root}/${id.slice(0, 2)}/${id}`);
    return file;
  },
  link: nothing,
});

/** Calls a flush again when it fails, as if the second one could mend the first. */
export const retriedFlushes: Breaks = (files) => ({
  ...copyOf(files),
  syncDirectory: (path) => files.syncDirectory(path).catch(() => files.syncDirectory(path)),
  create: async (path) => {
    const file = await files.create(path);
    return { ...file, datasync: () => file.datasync().catch(() => file.datasync()) };
  },
});
