import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobStoreContract, metadataStoreContract } from '@coffer/storage-testkit';
import { openLocalStore } from './index.ts';

async function fixture() {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-local-'));
  const store = await openLocalStore({ directory });
  const dispose = async () => {
    await store.close();
    await rm(directory, { recursive: true });
  };
  return { directory, store, dispose };
}

metadataStoreContract('local', async () => {
  const { directory, store, dispose } = await fixture();
  const reopen = async () => (await openLocalStore({ directory })).metadata;
  return { store: store.metadata, reopen, dispose };
});

const directories = new WeakMap<object, string>();

blobStoreContract(
  'local',
  async () => {
    const { directory, store, dispose } = await fixture();
    const reopened: (() => Promise<void>)[] = [];
    const reopen = async () => {
      const again = await openLocalStore({ directory });
      reopened.push(() => again.close());
      return again.blobs;
    };
    const made = {
      store: store.blobs,
      reopen,
      dispose: async () => {
        for (const close of reopened) await close();
        await dispose();
      },
    };
    directories.set(made, join(directory, 'blobs'));
    return made;
  },
  {
    faults: [
      {
        name: 'the folder for unfinished blobs is gone',
        reason: 'that is no missing blob',
        code: 'io',
        provoke: async (made) => {
          const temporary = join(directories.get(made) ?? '', 'tmp');
          await rename(temporary, `${temporary}-away`);
          return () => rename(`${temporary}-away`, temporary);
        },
      },
    ],
  },
);
