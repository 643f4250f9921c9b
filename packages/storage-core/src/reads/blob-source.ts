import type { BlobSource } from '@coffer/envelope-crypto';
import { keys } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';

/** The stored bytes of a blob: a small one's themselves, otherwise where they are read from. */
export type StoredBlob = { readonly inline: Uint8Array } | { readonly inline: undefined; readonly source: BlobSource };

/** A blob, wherever it is kept. Rejects with the store's `missing_blob` if there is none. */
export async function storedBlob(core: Core, blobId: string): Promise<StoredBlob> {
  const inline = await core.metadata.get('inlineBlobs', keys.inlineBlobs(blobId));
  if (inline !== undefined) return { inline: inline.value };
  const source: BlobSource = { length: await core.blobs.size(blobId), read: (range) => core.blobs.read(blobId, range) };
  return { inline: undefined, source };
}
