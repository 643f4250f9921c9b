import { tableNames, type BlobStore, type Commit, type MetadataStore, type TableName } from '@coffer/storage-ports';

/** What a storage works over. */
export interface Stores {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
}

const everything = { start: new Uint8Array(1), end: undefined, limit: 10_000 } as const;

/** Copies all that is stored into empty stores. */
export async function copyStores(from: Stores, to: Stores): Promise<void> {
  const rows = await Promise.all(tableNames.map((table) => rowsOf(from.metadata, table)));
  await to.metadata.commit({ expectations: [], writes: rows.flat() });
  for (const blobId of await from.blobs.list({ limit: 10_000 })) {
    await to.blobs.write(blobId, await from.blobs.read(blobId));
  }
}

async function rowsOf(store: MetadataStore, table: TableName): Promise<Commit['writes']> {
  const rows = await store.scan(table, everything);
  return rows.map(({ key, value }) => ({ table, key, put: value }) as Commit['writes'][number]);
}
