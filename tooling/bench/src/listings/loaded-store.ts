import { headerMetadataSize } from '@coffer/b2-protocol';
import { SecretBytes, streamOf } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { createStorage, type ListingService, type Storage } from '@coffer/storage-core';
import { systemClock, systemRandom } from '@coffer/storage-ports';
import { openLocalStore, type LocalStore } from '@coffer/store-local';
import { shapes, type ShapeName } from './bucket-shapes.ts';
import { loadVersions } from './version-loader.ts';

/** A store of its own with one bucket for each of some shapes, each of about `count` versions. */
export interface LoadedStore {
  readonly count: number;
  readonly listings: ListingService;
  readonly bucketIds: Readonly<Partial<Record<ShapeName, string>>>;
  /** Versions in all buckets. */
  readonly versions: number;
  readonly loadSeconds: number;
  close(): Promise<void>;
}

export async function loadStore(directory: string, count: number, names: readonly ShapeName[]): Promise<LoadedStore> {
  const store = await openLocalStore({ directory });
  const storage = storageOver(store);
  const { accountId } = await storage.accounts.bootstrap();
  const start = performance.now();
  const bucketIds: Partial<Record<ShapeName, string>> = {};
  let versions = 0;
  for (const name of names) {
    const shape = shapes[name];
    const bucketId = await createBucket(storage, accountId, shape.name.replaceAll(' ', '-'));
    const template = await uploadTemplate(storage, bucketId);
    versions += 1 + (await loadVersions(store.metadata, template, shape.versionsOf(count)));
    bucketIds[name] = bucketId;
  }
  const loadSeconds = (performance.now() - start) / 1000;
  const { listings } = storage;
  return {
    count,
    listings,
    bucketIds,
    versions,
    loadSeconds,
    close: () => store.close(),
  };
}

function storageOver({ metadata, blobs }: LocalStore): Storage {
  const key = { id: 'benchmark', state: 'active', createdAt: Date.now(), key: SecretBytes.random(32) } as const;
  const dependencies = {
    metadata,
    blobs,
    keys: new MemoryKeyProvider([key]),
    clock: systemClock,
    random: systemRandom,
    metadataSize: headerMetadataSize,
  };
  return createStorage(dependencies);
}

async function createBucket(storage: Storage, accountId: string, name: string): Promise<string> {
  const settings = { defaultEncryption: 'SSE-B2' } as const;
  return (await storage.buckets.create({ accountId, name, type: 'allPrivate', settings })).bucketId;
}

/** A real, small, encrypted file, listed behind all others. */
async function uploadTemplate(storage: Storage, bucketId: string) {
  const file = {
    bucketId,
    name: 'zzz-template',
    contentType: 'text/plain',
    fileInfo: { src_last_modified_millis: '0' },
  };
  return storage.files.upload(file, { body: { stream: streamOf(), length: 0 }, sha1: { kind: 'unverified' } });
}
