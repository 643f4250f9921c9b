import { collect, type ByteStream } from '@coffer/bytes';
import type { BlobStore } from '@coffer/storage-ports';

/** Bytes that differ from place to place, with a period that no power of two divides. */
export function pattern(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ((i % 65_521) * 31 + seed) & 0xff);
}

/** A stream that records how far it was pulled and whether its `finally` has run. */
export interface WatchedStream {
  readonly stream: ByteStream;
  readonly state: { pulled: number; finished: boolean };
}

/** Yields `pieces`, then fails with `failure` if there is one. `before` runs before each piece. */
export function watched(
  pieces: Iterable<Uint8Array>,
  { failure, before }: { failure?: Error; before?: (index: number) => unknown } = {},
): WatchedStream {
  const state = { pulled: 0, finished: false };
  async function* produce(): AsyncGenerator<Uint8Array, void> {
    try {
      for (const piece of pieces) {
        await before?.(state.pulled);
        state.pulled++;
        yield piece;
      }
      if (failure !== undefined) throw failure;
    } finally {
      // Runs later, so that the test notices a store that does not wait for it.
      await new Promise(setImmediate);
      state.finished = true;
    }
  }
  return { stream: produce(), state };
}

/** `content` in pieces of `size` bytes. */
export function* cut(content: Uint8Array, size: number): Generator<Uint8Array, void> {
  for (let offset = 0; offset < content.length; offset += size) yield content.subarray(offset, offset + size);
}

export const writeBytes = (store: BlobStore, blobId: string, content: Uint8Array): Promise<number> =>
  store.write(blobId, watched(cut(content, 65_536)).stream);

export const readBytes = async (store: BlobStore, blobId: string, range?: { start: number; length: number }) =>
  collect(await store.read(blobId, range), 1_000_000_000);
