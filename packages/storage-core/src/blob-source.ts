import { streamOf, type ByteRange } from '@coffer/bytes';
import type { BlobSource } from '@coffer/envelope-crypto';
import { keys } from '@coffer/storage-ports';
import type { Core } from './core.ts';

/** The stored bytes of a blob, wherever they are kept. Rejects with the store's `missing_blob` if there is none. */
export async function blobSource(core: Core, blobId: string): Promise<BlobSource> {
  const inline = await core.metadata.get('inlineBlobs', keys.inlineBlobs(blobId));
  if (inline !== undefined) return inlineSource(inline.value);
  return { length: await core.blobs.size(blobId), read: (range) => core.blobs.read(blobId, range) };
}

function inlineSource(bytes: Uint8Array): BlobSource {
  return {
    length: bytes.length,
    read: ({ start, length }: ByteRange) => streamOf(bytes.subarray(start, start + length)),
  };
}
