import type { ByteStream } from '@coffer/bytes';
import type { BlobStore } from '@coffer/storage-ports';
import { injected, withFault, type Fault, type FaultPlan, type StoreOperation } from './fault-plan.ts';

/** A blob store that fails as planned. */
export function faultyBlobStore(inner: BlobStore, plan: FaultPlan): BlobStore {
  const faulty = <T>(operation: StoreOperation, call: () => Promise<T>) =>
    withFault(operation, plan.next(operation), call);
  return {
    async write(blobId, stream, options) {
      const fault = plan.next('write');
      if (fault?.kind === 'before') await stream[Symbol.asyncIterator]().return?.();
      return withFault('write', fault, () => inner.write(blobId, torn('write', stream, fault), options));
    },
    size: (blobId) => faulty('size', () => inner.size(blobId)),
    async read(blobId, range) {
      const fault = plan.next('read');
      let opened: ByteStream | undefined;
      try {
        return await withFault('read', fault, async () => {
          opened = await inner.read(blobId, range);
          return torn('read', opened, fault);
        });
      } catch (error) {
        await opened?.[Symbol.asyncIterator]().return?.();
        throw error;
      }
    },
    delete: (blobId) => faulty('delete', () => inner.delete(blobId)),
    list: (options) => faulty('list', () => inner.list(options)),
    quarantine: (blobId, at) => faulty('quarantine', () => inner.quarantine(blobId, at)),
    listQuarantine: (options) => faulty('listQuarantine', () => inner.listQuarantine(options)),
    restore: (blobId) => faulty('restore', () => inner.restore(blobId)),
    purge: (blobId) => faulty('purge', () => inner.purge(blobId)),
    sweep: (options) => faulty('sweep', () => inner.sweep(options)),
    close: () => inner.close(),
  };
}

/** The stream, failing with `io` once `bytes` of it were passed on. */
function torn(operation: StoreOperation, stream: ByteStream, fault: Fault | undefined): ByteStream {
  return fault?.kind === 'tear' ? tear(operation, stream, fault.bytes) : stream;
}

async function* tear(operation: string, stream: ByteStream, bytes: number): AsyncGenerator<Uint8Array, void> {
  let left = bytes;
  for await (const piece of stream) {
    if (piece.length >= left) {
      yield piece.slice(0, left);
      throw injected(operation, 'io');
    }
    left -= piece.length;
    yield piece;
  }
}
