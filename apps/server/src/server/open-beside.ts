import { headerMetadataSize } from '@coffer/b2-protocol';
import { createStorage, type Storage } from '@coffer/storage-core';
import { systemRandom } from '@coffer/storage-ports';
import { checkLocalStore, machineClock } from '@coffer/store-local';
import type { PlaceConfig } from '../config/server-config.ts';
import { openKeys } from '../keys/open-keys.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { StartupError } from '../startup-error.ts';
import type { Cleanup } from './cleanup.ts';
import { openStore, proveKeys } from './open-storage.ts';

/**
 * The storage in a data directory, for a command that may work beside a running server: takes no lock, makes no keys. What was opened
 * is closed by `cleanup`.
 *
 * @throws StartupError `keys`; `data`, with `absent` as its text if there is no store yet.
 */
export async function openStorageBeside(
  config: PlaceConfig,
  environment: Environment,
  { cleanup, absent }: { readonly cleanup: Cleanup; readonly absent: string },
): Promise<Storage> {
  if ((await checkLocalStore(config.data)).metadata === 'absent') throw new StartupError('data', absent);
  const keyring = await openKeys(config, environment);
  cleanup.add(() => {
    keyring.close();
  });
  const store = await openStore(config.data);
  const { metadata, blobs } = store;
  cleanup.add(() => store.close());
  const storage = createStorage({
    metadata,
    blobs,
    keys: keyring,
    clock: machineClock,
    random: systemRandom,
    metadataSize: headerMetadataSize,
  });
  await proveKeys(config, storage);
  return storage;
}
