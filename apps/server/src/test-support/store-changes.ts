import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { streamOf } from '@coffer/bytes';
import { keys, type StoreIdentity } from '@coffer/storage-ports';
import { openLocalStore } from '@coffer/store-local';
import type { ServerConfig } from '../config/server-config.ts';

/** Changes what the metadata says of its store; undefined: says nothing. */
export async function changeIdentity(
  { data }: ServerConfig,
  change: (identity: StoreIdentity) => StoreIdentity | undefined,
): Promise<void> {
  const store = await openLocalStore({ directory: data });
  const row = { table: 'storeIdentity', key: keys.storeIdentity() } as const;
  const stored = await store.metadata.get(row.table, row.key);
  if (stored === undefined) throw new Error('The store has no identity to change');
  const changed = change(stored.value);
  const write = changed === undefined ? ({ ...row, delete: true } as const) : { ...row, put: changed };
  await store.metadata.commit({ expectations: [], writes: [write] });
  await store.close();
}

/** Changes the list of stores in the keyring file. */
export async function changeList(config: ServerConfig, change: (stores: { formatVersion: number }[]) => object[]) {
  const path = join(config.keys, 'keyring.json');
  const content = JSON.parse(await readFile(path, 'utf8')) as { stores: { formatVersion: number }[] };
  await writeFile(path, JSON.stringify({ ...content, stores: change(content.stores) }));
}

/** Leaves blobs that no file names, as a server does that is killed while it stores them. */
export async function leaveOrphans(directory: string, ids: readonly string[]): Promise<void> {
  const store = await openLocalStore({ directory });
  const { metadata, blobs } = store;
  const key = new TextEncoder().encode('killed');
  await metadata.commit({ expectations: [], writes: [{ table: 'blobWriteBounds', key, put: { bound: 16 } }] });
  for (const id of ids) await blobs.write(id, streamOf(new Uint8Array(id.length)));
  await store.close();
}
