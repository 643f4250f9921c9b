import type { BlobStore, Commit, MetadataStore } from '@coffer/storage-ports';
import type { HealthMonitor } from './storage-health.ts';

/** The metadata store, with the outcome of each commit told to the monitor. */
export function watchMetadata(metadata: MetadataStore, monitor: HealthMonitor): MetadataStore {
  return {
    get: (table, key) => metadata.get(table, key),
    scan: (table, options) => metadata.scan(table, options),
    commit: async (commit) => {
      try {
        await metadata.commit(commit);
      } catch (error) {
        await monitor.commitFailed(error);
        throw error;
      }
      if (addsOnly(commit)) monitor.succeeded();
    },
    close: () => metadata.close(),
  };
}

/** The blob store, with the outcome of each write told to the monitor. */
export function watchBlobs(blobs: BlobStore, monitor: HealthMonitor): BlobStore {
  return {
    write: async (blobId, stream, options) => {
      try {
        return await blobs.write(blobId, stream, options);
      } catch (error) {
        monitor.writeFailed(error);
        throw error;
      }
    },
    size: (blobId) => blobs.size(blobId),
    read: (blobId, range) => blobs.read(blobId, range),
    delete: (blobId) => blobs.delete(blobId),
    list: (options) => blobs.list(options),
    quarantine: (blobId, at) => blobs.quarantine(blobId, at),
    listQuarantine: (options) => blobs.listQuarantine(options),
    restore: (blobId) => blobs.restore(blobId),
    purge: (blobId) => blobs.purge(blobId),
    sweep: () => blobs.sweep(),
    close: () => blobs.close(),
  };
}

/** That something could be deleted does not mean that there is space. */
function addsOnly({ writes }: Commit): boolean {
  return writes.length > 0 && writes.every((write) => !('delete' in write));
}
