import { tableNames, type Commit, type MetadataStore, type TableName } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import assert from 'node:assert/strict';
import { memoryDependencies } from './memory-dependencies.ts';
import { TestServer } from './test-server.ts';
import { validCalls, type ValidCalls } from './valid-requests.ts';

const everything = { start: new Uint8Array(1), end: undefined, limit: 10_000 } as const;

/** A server on which every operation succeeds once. */
export interface PreparedServer {
  readonly server: TestServer;
  readonly calls: ValidCalls;
}

/**
 * Prepares a server once, and gives one in that state as often as it is asked: what one test changes, no other sees.
 * All have one clock.
 */
export async function preparedServers(): Promise<() => Promise<PreparedServer>> {
  const dependencies = memoryDependencies();
  const first = await TestServer.open(dependencies);
  const calls = await validCalls(first);
  // Copies hold metadata only, so all that is stored has to be small enough to lie there.
  assert.deepEqual(await dependencies.blobs.list({ limit: 1 }), []);
  return async () => {
    const metadata = await copyOf(dependencies.metadata);
    const server = await TestServer.open({ ...dependencies, metadata, blobs: createMemoryBlobStore() });
    return { server, calls };
  };
}

async function copyOf(original: MetadataStore): Promise<MetadataStore> {
  const rows = await Promise.all(tableNames.map((table) => rowsOf(original, table)));
  const copy = createMemoryMetadataStore();
  await copy.commit({ expectations: [], writes: rows.flat() });
  return copy;
}

async function rowsOf(original: MetadataStore, table: TableName): Promise<Commit['writes']> {
  const rows = await original.scan(table, everything);
  return rows.map(({ key, value }) => ({ table, key, put: value }) as Commit['writes'][number]);
}

