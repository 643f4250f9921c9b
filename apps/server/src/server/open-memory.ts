import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import type { Clock } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import type { ServerConfig } from '../config/server-config.ts';
import { chooseEngine } from '../store/choose-engine.ts';
import type { Cleanup } from './cleanup.ts';
import { storageOver, type OpenedStorage } from './open-storage.ts';

/**
 * A new, empty storage in this process's memory, under a key that is in no file: the directories of data and keyring
 * are neither read nor made. Everything is gone when `cleanup` runs.
 */
export async function openMemoryStorage(
  config: ServerConfig,
  { clock, cleanup }: { readonly clock: Clock; readonly cleanup: Cleanup },
): Promise<OpenedStorage> {
  const key = SecretBytes.random(32);
  const globalKey = { id: 'memory', state: 'active', createdAt: clock.now(), key } as const;
  const provider = new MemoryKeyProvider([globalKey], chooseEngine(config).keys);
  cleanup.add(() => {
    provider.forget();
    key.wipe();
  });
  const stores = { metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() };
  const storage = storageOver(config, provider, stores, clock);
  await storage.recovery.makeStore();
  return {
    storage,
    metadata: stores.metadata,
    // Nothing to reload: there is no keyring file.
    keyring: { reload: () => Promise.resolve(), listKeys: () => provider.listKeys() },
    lock: undefined,
    keyringCreated: false,
  };
}
