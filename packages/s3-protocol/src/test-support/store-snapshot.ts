import type { BlobStore, MetadataStore } from '@coffer/storage-ports';
import { tableNames } from '@coffer/storage-ports';
import assert from 'node:assert/strict';
import { serialize } from 'node:v8';

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

/** Fails unless two snapshots are the same. */
export function assertUnchanged(before: unknown, after: unknown): void {
  // Comparing bytes is many times faster; the slow way is for saying what is different.
  if (!serialize(before).equals(serialize(after))) assert.deepEqual(after, before);
}
