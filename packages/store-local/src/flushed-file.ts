import type { BlobFile } from '@coffer/storage-ports';
import { attempt } from './store-failure.ts';

/** Bytes that are written before they are flushed. */
const flushedAfter = 16 * 1024 * 1024;
/** Flushes that may be under way at once: each has one of the four threads that do all work with files. */
const most = 2;
let underWay = 0;

/**
 * The file, with its data flushed in the background whenever `after` bytes were written and no more than two such
 * flushes are under way in this process. So a large blob does not wait at its end until all of it is on disk.
 *
 * A flush that fails is told of once only by the system, so later writes and flushes fail with its error.
 */
export function flushedAlongTheWay(file: BlobFile, after = flushedAfter): BlobFile {
  let unflushed = 0;
  let flush: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const begin = (): void => {
    unflushed = 0;
    underWay++;
    flush = attempt('Flushing the blob', file.datasync())
      .catch((error: unknown) => {
        failure = { error };
      })
      .finally(() => {
        underWay--;
        flush = undefined;
      });
  };
  const requireFlushed = (): void => {
    if (failure !== undefined) throw failure.error;
  };

  return {
    read: (target, position) => file.read(target, position),
    size: () => file.size(),
    write: async (bytes) => {
      requireFlushed();
      const written = await file.write(bytes);
      unflushed += written;
      if (unflushed >= after && flush === undefined && underWay < most) begin();
      return written;
    },
    datasync: async () => {
      await flush;
      requireFlushed();
      await file.datasync();
    },
    close: async () => {
      await flush;
      await file.close();
    },
  };
}
