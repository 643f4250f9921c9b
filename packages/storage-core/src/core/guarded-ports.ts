import type { ByteStream } from '@coffer/bytes';
import { EnvelopeError, type KeyProvider } from '@coffer/envelope-crypto';
import { StoreError, type BlobStore, type MetadataStore } from '@coffer/storage-ports';
import { failures } from './failures.ts';

/** The metadata store with its failures as the core's errors; only `conflict` stays what it is. */
export function guardMetadata(metadata: MetadataStore): MetadataStore {
  return {
    get: (table, key) => guarded(() => metadata.get(table, key)),
    scan: (table, options) => guarded(() => metadata.scan(table, options)),
    commit: (commit) => guarded(() => metadata.commit(commit)),
    close: () => guarded(() => metadata.close()),
  };
}

/** The blob store with its failures as the core's errors; only `missing_blob` stays what it is. */
export function guardBlobs(blobs: BlobStore): BlobStore {
  return {
    write: (blobId, stream, options) => guarded(() => blobs.write(blobId, stream, options)),
    size: (blobId) => guarded(() => blobs.size(blobId)),
    read: async (blobId, range) => guardedStream(await guarded(() => blobs.read(blobId, range))),
    delete: (blobId) => guarded(() => blobs.delete(blobId)),
    list: (options) => guarded(() => blobs.list(options)),
    quarantine: (blobId, at) => guarded(() => blobs.quarantine(blobId, at)),
    listQuarantine: (options) => guarded(() => blobs.listQuarantine(options)),
    restore: (blobId) => guarded(() => blobs.restore(blobId)),
    purge: (blobId) => guarded(() => blobs.purge(blobId)),
    sweep: () => guarded(() => blobs.sweep()),
    close: () => guarded(() => blobs.close()),
  };
}

/** The key provider, where whatever is no {@link EnvelopeError} means that it can not be reached. */
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

async function* guardedStream(stream: ByteStream): AsyncGenerator<Uint8Array, void> {
  try {
    yield* stream;
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
