import { keys, type BlobStore, type QuarantinedBlob } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';

const page = 1_000;

/** Whose blobs: those whose ids begin with one of these; undefined: everybody's. */
export type Owners = readonly string[] | undefined;

/** Ids of stored blobs, in order. */
async function* storedBlobs(blobs: BlobStore, owners: Owners): AsyncGenerator<string, void> {
  if (owners === undefined) yield* blobsAfter(blobs);
  else for (const owner of owners) yield* blobsOf(blobs, owner);
}

async function* blobsOf(blobs: BlobStore, owner: string): AsyncGenerator<string, void> {
  for await (const id of blobsAfter(blobs, owner)) {
    if (!id.startsWith(owner)) return;
    yield id;
  }
}

function blobsAfter(blobs: BlobStore, first?: string): AsyncGenerator<string, void> {
  return paged(
    (after) => blobs.list({ ...(first === undefined ? {} : { after: first }), ...after, limit: page }),
    (id) => id,
  );
}

/** All blobs in quarantine, in order. */
export async function* quarantinedBlobs(blobs: BlobStore): AsyncGenerator<QuarantinedBlob, void> {
  yield* paged(
    (after) => blobs.listQuarantine({ ...after, limit: page }),
    ({ blobId }) => blobId,
  );
}

async function* paged<T>(
  read: (after: { readonly after?: string }) => Promise<readonly T[]>,
  idOf: (item: T) => string,
): AsyncGenerator<T, void> {
  let items = await read({});
  for (;;) {
    yield* items;
    const last = items.at(-1);
    if (last === undefined || items.length < page) return;
    items = await read({ after: idOf(last) });
  }
}

export async function hasReference(core: Core, blobId: string): Promise<boolean> {
  return (await core.metadata.get('blobReferences', keys.blobReferences(blobId))) !== undefined;
}

/** Stored blobs without a reference, the first `limit`. */
export async function unreferencedBlobs(core: Core, limit: number, owners: Owners): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const blobId of storedBlobs(core.blobs, owners)) {
    if (await hasReference(core, blobId)) continue;
    found.push(blobId);
    if (found.length === limit) break;
  }
  return found;
}
