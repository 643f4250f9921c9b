import { followStream } from '@coffer/bytes';
import { EnvelopeError, type KeyProvider } from '@coffer/envelope-crypto';
import { StoreError, type BlobStore, type Commit, type MetadataStore } from '@coffer/storage-ports';
import { failures } from './failures.ts';
import type { HealthMonitor } from './storage-health.ts';

/**
 * The metadata store with its failures as the core's errors; only `conflict` stays what it is. The monitor is told of
 * the outcome of each commit.
 */
export function guardMetadata(metadata: MetadataStore, monitor?: HealthMonitor): MetadataStore {
  return {
    // Written out instead of generated, because every request passes through here several times.
    get: async (table, key) => {
      try {
        return await metadata.get(table, key);
      } catch (error) {
        throw asStorageError(error);
      }
    },
    scan: (table, options) => guarded(() => metadata.scan(table, options)),
    commit: async (commit) => {
      try {
        await metadata.commit(commit);
      } catch (error) {
        await monitor?.commitFailed(error);
        throw asStorageError(error);
      }
      if (addsOnly(commit)) monitor?.succeeded();
    },
    close: () => guarded(() => metadata.close()),
  };
}

/**
 * The blob store with its failures as the core's errors; only `missing_blob` stays what it is. The monitor is told of
 * writes that fail.
 */
export function guardBlobs(blobs: BlobStore, monitor: HealthMonitor): BlobStore {
  return {
    write: async (blobId, stream, options) => {
      try {
        return await blobs.write(blobId, stream, options);
      } catch (error) {
        monitor.writeFailed(error);
        throw asStorageError(error);
      }
    },
    size: (blobId) => guarded(() => blobs.size(blobId)),
    read: async (blobId, range) =>
      followStream(await guarded(() => blobs.read(blobId, range)), { mapError: asStorageError }),
    delete: (blobId) => guarded(() => blobs.delete(blobId)),
    list: (options) => guarded(() => blobs.list(options)),
    quarantine: (blobId, at) => guarded(() => blobs.quarantine(blobId, at)),
    listQuarantine: (options) => guarded(() => blobs.listQuarantine(options)),
    restore: (blobId) => guarded(() => blobs.restore(blobId)),
    purge: (blobId) => guarded(() => blobs.purge(blobId)),
    sweep: (options) => guarded(() => blobs.sweep(options)),
    close: () => guarded(() => blobs.close()),
  };
}

/** The key provider, where whatever is no {@link EnvelopeError} means that it cannot be reached. */
export function guardKeys(keys: KeyProvider): KeyProvider {
  return {
    activeKeyId: () => reachable(() => keys.activeKeyId()),
    listKeys: () => reachable(() => keys.listKeys()),
    wrap: (globalKeyId, plaintext, aad) => reachable(() => keys.wrap(globalKeyId, plaintext, aad)),
    unwrap: (globalKeyId, wrapped, aad) => reachable(() => keys.unwrap(globalKeyId, wrapped, aad)),
    mac: (globalKeyId, purpose, message) => reachable(() => keys.mac(globalKeyId, purpose, message)),
    checksumMasks: (globalKeyId) => reachable(() => keys.checksumMasks(globalKeyId)),
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asStorageError(error);
  }
}

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof EnvelopeError ? error : failures.keyUnavailable(error);
  }
}

function asStorageError(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  if (error.code === 'conflict' || error.code === 'missing_blob') return error;
  if (error.row !== undefined) return failures.recordDamaged(error.row.table, error.row.key, error);
  return error.code === 'full' ? failures.storageFull(error) : failures.storageUnavailable(error);
}

/** Whether the commit deletes nothing: only the success of such a commit shows that there is space. */
function addsOnly({ writes }: Commit): boolean {
  return writes.length > 0 && writes.every((write) => !('delete' in write));
}
