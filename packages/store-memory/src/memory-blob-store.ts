import { concatBytes, type ByteRange, type ByteStream } from '@coffer/bytes';
import { StoreError, type BlobStore } from '@coffer/storage-ports';
import { publishWrite } from './writes-channel.ts';

const pieceLength = 65_536;

/** A blob store in this process's memory. */
export interface MemoryBlobStore extends BlobStore {
  /** Another, open handle on the same blobs, even if this one was closed. Stands for a restart or a second process. */
  reopen(): MemoryBlobStore;
}

/**
 * An empty blob store that keeps every promise of the port except durability.
 *
 * @example
 * ```ts
 * const blobs = createMemoryBlobStore();
 * await blobs.write('b1', streamOf(new Uint8Array([1, 2, 3])));
 * assert.deepEqual(await collect(await blobs.read('b1', { start: 1, length: 2 }), 10), new Uint8Array([2, 3]));
 * ```
 */
export function createMemoryBlobStore(): MemoryBlobStore {
  return openHandle({ blobs: new Map(), quarantine: new Map() });
}

/** What all handles on one store share. */
interface Contents {
  readonly blobs: Map<string, Uint8Array>;
  readonly quarantine: Map<string, { readonly bytes: Uint8Array; readonly at: number }>;
}

function openHandle(contents: Contents): MemoryBlobStore {
  const { blobs, quarantine } = contents;
  let closed = false;
  const openBlobs = (...ids: readonly string[]) => {
    ids.forEach(checkBlobId);
    if (closed) throw new StoreError('closed', 'The blob store was closed');
    return blobs;
  };
  const blob = (blobId: string) => {
    const bytes = openBlobs(blobId).get(blobId);
    if (bytes === undefined) throw missing(blobId);
    return bytes;
  };
  const refuseExisting = (blobId: string) => {
    if (openBlobs(blobId).has(blobId)) throw new StoreError('blob_exists', `There is a blob ${blobId} already`);
  };
  return {
    async write(blobId, stream, { signal } = {}) {
      const bytes = await consume(stream, signal, () => {
        refuseExisting(blobId);
      });
      // Another write of the same id may have ended while this one ran.
      refuseExisting(blobId);
      blobs.set(blobId, bytes);
      publishWrite('blob in memory', () => bytes);
      return bytes.length;
    },
    size: async (blobId) => blob(blobId).length,
    async read(blobId, range) {
      const bytes = blob(blobId);
      return pieces(bytes, range ?? { start: 0, length: bytes.length });
    },
    async delete(blobId) {
      openBlobs(blobId).delete(blobId);
    },
    async list({ after = '', limit }) {
      return page([...openBlobs().keys()], after, limit);
    },
    async quarantine(blobId, at) {
      if (!Number.isSafeInteger(at) || at < 0)
        throw new RangeError(`A time is milliseconds since the epoch, not ${at}`);
      const bytes = openBlobs(blobId).get(blobId) ?? quarantine.get(blobId)?.bytes;
      if (bytes === undefined) throw missing(blobId);
      quarantine.set(blobId, { bytes, at: Math.max(at, quarantine.get(blobId)?.at ?? 0) });
      blobs.delete(blobId);
    },
    async listQuarantine({ after = '', limit }) {
      openBlobs();
      return page([...quarantine.keys()], after, limit).flatMap((blobId) => {
        const held = quarantine.get(blobId);
        return held === undefined ? [] : [{ blobId, quarantinedAt: held.at, size: held.bytes.length }];
      });
    },
    async restore(blobId) {
      const bytes = openBlobs(blobId).get(blobId) ?? quarantine.get(blobId)?.bytes;
      if (bytes === undefined) throw missing(blobId);
      blobs.set(blobId, bytes);
      quarantine.delete(blobId);
    },
    async purge(blobId) {
      openBlobs(blobId);
      quarantine.delete(blobId);
    },
    async sweep() {
      openBlobs();
      return 0;
    },
    async close() {
      closed = true;
    },
    reopen: () => openHandle(contents),
  };
}

/**
 * Everything in the stream. When this settles, the stream's `finally` has run, whether the stream succeeded or failed.
 */
async function consume(stream: ByteStream, signal: AbortSignal | undefined, before: () => void): Promise<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]();
  try {
    before();
    signal?.throwIfAborted();
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
  const kept: Uint8Array[] = [];
  for await (const piece of { [Symbol.asyncIterator]: () => iterator }) {
    signal?.throwIfAborted();
    kept.push(piece.slice());
  }
  signal?.throwIfAborted();
  return concatBytes(kept);
}

function pieces(bytes: Uint8Array, { start, length }: ByteRange): ByteStream {
  if (!(
    Number.isInteger(start) &&
    Number.isInteger(length) &&
    start >= 0 &&
    length >= 0 &&
    start + length <= bytes.length
  ))
    throw new RangeError(`The range ${start}+${length} is not within the blob's ${bytes.length} bytes`);
  return cut(bytes.subarray(start, start + length));
}

async function* cut(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let offset = 0; offset < bytes.length; offset += pieceLength) yield bytes.slice(offset, offset + pieceLength);
}

function missing(blobId: string): StoreError {
  return new StoreError('missing_blob', `There is no blob ${blobId}`);
}

function page(ids: readonly string[], after: string, limit: number): readonly string[] {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`A limit is a positive integer, not ${limit}`);
  return ids
    .filter((id) => id > after)
    .sort()
    .slice(0, limit);
}

function checkBlobId(blobId: string): void {
  if (!/^[a-z0-9]{1,64}$/.test(blobId)) throw new RangeError('A blob id is 1 to 64 characters of [a-z0-9]');
}
