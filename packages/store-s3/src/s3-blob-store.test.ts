import { blobStoreContract } from '@coffer/storage-testkit';
import { PlayedStore } from './test-support/played-store.ts';

const long = 'a store in this process would count too';

blobStoreContract(
  'S3, played in this process',
  async () => {
    const played = await PlayedStore.start();
    return { store: await played.open(), reopen: () => played.open({ create: false }), dispose: () => played.stop() };
  },
  {
    deviations: [
      { test: 'blobs of tens of MiB are written and read with bounded memory', reason: long },
      { test: 'no descriptor stays open, however a read or a write ends', reason: long },
    ],
  },
);

blobStoreContract(
  'S3 without conditions, checksums and lists of uploads, with old versions',
  async () => {
    const played = await PlayedStore.start({ conditions: false, checksums: false, versioning: 'Enabled' });
    return { store: await played.open(), dispose: () => played.stop() };
  },
  {
    deviations: [
      { test: 'blobs of tens of MiB are written and read with bounded memory', reason: long },
      { test: 'no descriptor stays open, however a read or a write ends', reason: long },
      { test: 'readers that leave early, or before the first piece, release the blob', reason: 'tested above' },
      { test: 'blobs, and their absence, are there when the store is opened again', reason: 'tested above' },
      { test: 'two open handles share blobs', reason: 'only handles of one process take turns without conditions' },
      { test: 'the quarantine and its times are there when the store is opened again', reason: 'tested above' },
    ],
  },
);
