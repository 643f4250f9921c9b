import { collect, type ByteRange, type ByteStream } from '@coffer/bytes';
import type { BlobStore } from '@coffer/storage-ports';

/** Bytes that differ from place to place. */
export function contentOf(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ((i % 65_521) * 31 + seed) & 0xff);
}

/** The content in pieces, none of which ends where a frame does. */
export async function* streamed(content: Uint8Array, piece = 60_001): ByteStream & AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < content.length; at += piece) {
    await Promise.resolve();
    yield content.subarray(at, at + piece);
  }
}

export async function readAll(store: BlobStore, blobId: string, range?: ByteRange): Promise<Uint8Array> {
  return collect(await store.read(blobId, range), 100_000_000);
}

/** What two byte strings are compared by: an assertion on large ones themselves takes seconds. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
