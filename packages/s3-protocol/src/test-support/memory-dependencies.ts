import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import type { StorageDependencies } from '@coffer/storage-core';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';

/** What a storage works over. */
export type TestDependencies = Omit<StorageDependencies, 'metadataSize'>;

/** Empty stores in memory, a global key of their own, and a clock and ids that are the same every time. */
export function memoryDependencies(): TestDependencies {
  return {
    metadata: createMemoryMetadataStore(),
    blobs: createMemoryBlobStore(),
    keys: new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key: SecretBytes.random(32) }]),
    clock: fixedClock(1_700_000_000_000),
    random: seededRandom(1),
  };
}
