import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { blobStoreContract, metadataStoreContract } from './index.ts';

metadataStoreContract('memory', async () => {
  const store = createMemoryMetadataStore();
  return { store, reopen: async () => store.reopen() };
});

blobStoreContract(
  'memory',
  async () => {
    const store = createMemoryBlobStore();
    return { store, reopen: async () => store.reopen() };
  },
  {
    deviations: [
      {
        test: 'blobs of tens of MiB are written and read with bounded memory',
        reason: 'memory is where this store keeps blobs',
      },
    ],
  },
);
