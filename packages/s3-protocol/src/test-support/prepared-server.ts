import { tableNames, type Commit, type MetadataStore, type TableName } from '@coffer/storage-ports';
import { fixedClock, type FixedClock } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import assert from 'node:assert/strict';
import type { S3Options } from '../index.ts';
import { memoryDependencies } from './memory-dependencies.ts';
import { TestServer } from './test-server.ts';
import { validCalls, type ValidCalls } from './valid-requests.ts';

const everything = { start: new Uint8Array(1), end: undefined, limit: 10_000 } as const;

/** A server on which every operation succeeds once. */
export interface PreparedServer {
  readonly server: TestServer;
  readonly calls: ValidCalls;
}

/** Gives servers that were prepared once: what one test changes, no other sees. All have one clock. */
export interface PreparedServers {
  readonly clock: FixedClock;
  readonly open: (options?: Partial<S3Options>) => Promise<PreparedServer>;
}

/** Prepares a server, and gives copies of it. */
export async function preparedServers(): Promise<PreparedServers> {
  const clock = fixedClock(1_700_000_000_000);
  const dependencies = { ...memoryDependencies(), clock };
  const first = await TestServer.open(dependencies);
  const calls = await validCalls(first);
  // Copies hold metadata only, so all that is stored has to be small enough to lie there.
  assert.deepEqual(await dependencies.blobs.list({ limit: 1 }), []);
  const open: PreparedServers['open'] = async (s3 = {}) => {
    const metadata = await copyOf(dependencies.metadata);
    const server = await TestServer.open({ ...dependencies, metadata, blobs: createMemoryBlobStore() }, { s3 });
    return { server, calls };
  };
  return { clock, open };
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
