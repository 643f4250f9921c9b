import type { BlobStore, MetadataStore } from '@coffer/storage-ports';
import { tableNames } from '@coffer/storage-ports';

const everything = { start: new Uint8Array(1), end: undefined, limit: 10_000 } as const;

/** All but the one that tells of processes, and not of what clients did. */
const comparedTables = tableNames.filter((name) => name !== 'blobWriteBounds');

/** All that is stored, so that two moments can be compared. */
export async function snapshotOf(metadata: MetadataStore, blobs: BlobStore): Promise<unknown> {
  const tables = await Promise.all(
    comparedTables.map(async (name) => [name, await metadata.scan(name, everything)] as const),
  );
  return { blobs: await blobs.list({ limit: 10_000 }), tables: Object.fromEntries(tables) };
}
