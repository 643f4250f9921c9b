import { openLocalStore, type LocalStore } from '@coffer/store-local';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '../ledger.ts';

type Table = Parameters<LocalStore['metadata']['scan']>[0];

/** Rows per scan. */
const page = 1000;

/**
 * After the sweep of a start, before any work: each blob has a reference, each reference its blob, what is in
 * quarantine has none, and nothing is left to delete. While a killed backup counts as under way (`mayKeepBlobs`), blobs
 * of removed files stay, and are noted as what is to be deleted.
 */
export async function compareBlobs(ledger: Ledger, dataFolder: string, mayKeepBlobs = false): Promise<void> {
  // Read before the store is opened here, since opening it could remove files.
  const files = readdirSync(join(dataFolder, 'blobs'), { recursive: true, withFileTypes: true });
  // Files with other names are no blobs in use: the mark that says which store this is, and blobs in quarantine
  // (`ID.TIME`).
  const stored = new Set(files.filter((entry) => entry.isFile() && isBlobId(entry.name)).map(({ name }) => name));
  const quarantined = files.flatMap(({ name }) => /^([a-z0-9]+)\.[0-9]+$/.exec(name)?.[1] ?? []);
  const store = await openLocalStore({ directory: dataFolder });
  try {
    const inline = new Set(await ids(store, 'inlineBlobs'));
    const referenced = new Set(await ids(store, 'blobReferences'));
    const waiting = await ids(store, 'pendingDeletions');
    for (const id of mayKeepBlobs ? waiting : []) {
      if (referenced.has(id)) ledger.violated('a blob to be removed that a file refers to', id);
      stored.delete(id);
      inline.delete(id);
    }
    for (const id of stored) if (!referenced.has(id)) ledger.violated('a blob that nothing refers to', id);
    for (const id of quarantined)
      if (referenced.has(id)) ledger.violated('a blob in quarantine that a file refers to', id);
    for (const id of inline) if (!referenced.has(id)) ledger.violated('an inline blob that nothing refers to', id);
    for (const id of referenced)
      if (stored.has(id) === inline.has(id)) ledger.violated('a reference without its blob, or with two', id);
    for (const id of mayKeepBlobs ? [] : waiting) ledger.violated('a blob still to be removed', id);
  } finally {
    await store.close();
  }
}

const isBlobId = (name: string): boolean => /^[a-z0-9]+$/.test(name);

/** Blob ids, which are the keys of these tables, with two bytes that end them. */
async function ids({ metadata }: LocalStore, table: Table): Promise<readonly string[]> {
  const found: string[] = [];
  for (let start = new Uint8Array(0); ;) {
    const rows = await metadata.scan(table, { start, end: undefined, limit: page });
    for (const { key } of rows) found.push(Buffer.from(key.subarray(0, -2)).toString('latin1'));
    const last = rows.at(-1)?.key;
    if (last === undefined || rows.length < page) return found;
    start = Uint8Array.of(...last, 0);
  }
}
