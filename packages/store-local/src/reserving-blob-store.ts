import type { BlobStore } from '@coffer/storage-ports';
import type { SpaceReserve } from './space-reserve.ts';

/** The blob store, but it refuses new blobs while the space that is kept back for deletes is given up. */
export function reservingBlobStore(blobs: BlobStore, reserve: SpaceReserve): BlobStore {
  return {
    write: async (blobId, stream, options) => {
      try {
        await reserve.require();
      } catch (error) {
        await stream[Symbol.asyncIterator]().return?.();
        throw error;
      }
      return blobs.write(blobId, stream, options);
    },
    size: (blobId) => blobs.size(blobId),
    read: (blobId, range) => blobs.read(blobId, range),
    delete: (blobId) => blobs.delete(blobId),
    list: (options) => blobs.list(options),
    quarantine: (blobId, at) => blobs.quarantine(blobId, at),
    listQuarantine: (options) => blobs.listQuarantine(options),
    restore: (blobId) => blobs.restore(blobId),
    purge: (blobId) => blobs.purge(blobId),
    sweep: (options) => blobs.sweep(options),
    close: () => blobs.close(),
  };
}
