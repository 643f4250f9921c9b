import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import type { BlobStore, MetadataStore } from '@coffer/storage-ports';
import { metadataSize } from '@coffer/s3-schema';
import { createStorage, type Storage } from '@coffer/storage-core';
import { fixedClock, seededRandom, type FixedClock } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { TestServer as B2Server } from '../../../packages/b2-protocol/src/test-support/test-server.ts';
import { TestServer as S3Server } from '../../../packages/s3-protocol/src/test-support/test-server.ts';

/** What both faces work over. */
export interface Stores {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
}

/**
 * Both protocols over the same stores, each with a storage of its own, as two processes have: nothing but what is
 * stored connects them.
 */
export interface TwoFaces {
  readonly b2: B2Server;
  readonly s3: S3Server;
  readonly storage: Storage;
  readonly clock: FixedClock;
}

/** Empty stores in memory. */
export function memoryStores(): Stores {
  return { metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() };
}

/** Opens both faces; a blob of 40 bytes at most is stored with its record. */
export async function openTwoFaces(stores: Stores = memoryStores()): Promise<TwoFaces> {
  const clock = fixedClock(1_700_000_000_000);
  const keys = new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key: SecretBytes.random(32) }]);
  await createStorage({ ...stores, keys, clock, random: seededRandom(0), metadataSize }).recovery.makeStore();
  const storage = { inlineThreshold: 40 };
  const b2 = await B2Server.open({ ...stores, keys, clock, random: seededRandom(1) }, { storage });
  const s3 = await S3Server.open({ ...stores, keys, clock, random: seededRandom(2) }, { storage });
  await b2.storage.clock.keep();
  return { b2, s3, storage: b2.storage, clock };
}
