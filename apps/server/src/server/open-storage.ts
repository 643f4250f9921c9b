import { headerMetadataSize } from '@coffer/b2-protocol';
import type { Keyring } from '@coffer/keyring';
import { createStorage, type Storage } from '@coffer/storage-core';
import { StoreError, systemRandom, type Clock, type MetadataStore } from '@coffer/storage-ports';
import { isHalfRestored, localStoreLayout, openLocalStore, writeStoreMark, type LocalStore } from '@coffer/store-local';
import type { PlaceConfig, ServerConfig } from '../config/server-config.ts';
import { holdsData, makeDataDirectory } from '../data/data-directory.ts';
import { lockDirectory, type DirectoryLock } from '../data/directory-lock.ts';
import { keyringPath, openKeys, openOrCreateKeys } from '../keys/open-keys.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { StartupError } from '../startup-error.ts';
import type { Cleanup } from './cleanup.ts';

/** An open storage, and its metadata store. */
export interface OpenedStores {
  readonly storage: Storage;
  /** The keys that the storage works with. */
  readonly keyring: Keyring;
  readonly metadata: MetadataStore;
}

/** A storage that this process, and those that inherit its lock, alone may write to. */
export interface OpenedStorage extends OpenedStores {
  readonly lock: DirectoryLock;
  /** Whether the keyring was made just now. */
  readonly keyringCreated: boolean;
}

/** What opening takes of its server. */
interface OpeningContext {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly cleanup: Cleanup;
}

/**
 * Lock, keys, store, and the proof that keys and store belong together, in this order: nothing is written to the store before its
 * keyring is on disk, and nothing after a mismatch. What was opened is closed by `cleanup`.
 *
 * @throws StartupError
 */
export async function openStorage(config: ServerConfig, context: OpeningContext): Promise<OpenedStorage> {
  const { environment, clock, cleanup } = context;
  await makeDataDirectory(config.data);
  const lock = await lockDirectory(config.data);
  cleanup.add(() => lock.release());
  const { keyring, created } = await openOrCreateKeys(config, environment, await holdsData(config.data));
  cleanup.add(() => {
    keyring.close();
  });
  const { storage, store } = await openOver(config, keyring, { clock, cleanup });
  await identify(config, storage, keyring);
  await proveKeys(config, storage);
  return { storage, keyring, metadata: store.metadata, lock, keyringCreated: created };
}

/** Gives a new store its identity: in the metadata, beside the blobs and in the keyring. */
async function identify({ data }: PlaceConfig, storage: Storage, keyring: Keyring): Promise<void> {
  const identity = await storage.recovery.makeStore();
  await writeStoreMark(localStoreLayout.blobs(data), identity);
  await keyring.addStore(identity);
}

/**
 * The same storage in a worker process: another process has taken the lock, made what was missing and finished what a crash
 * interrupted. What was opened is closed by `cleanup`.
 *
 * @throws StartupError `keys`, `data`.
 */
export async function openStorageInWorker(config: ServerConfig, context: OpeningContext): Promise<OpenedStores> {
  const keyring = await openKeys(config, context.environment);
  context.cleanup.add(() => {
    keyring.close();
  });
  const { storage, store } = await openOver(config, keyring, context);
  await proveKeys(config, storage);
  return { storage, keyring, metadata: store.metadata };
}

async function openOver(
  config: ServerConfig,
  keyring: Keyring,
  { clock, cleanup }: Pick<OpeningContext, 'clock' | 'cleanup'>,
): Promise<{ readonly storage: Storage; readonly store: LocalStore }> {
  const store = await openStore(config.data);
  cleanup.add(() => store.close());
  return { storage: overStore(config, keyring, store, clock), store };
}

/** @throws StartupError `data`. */
export async function openStore(directory: string): Promise<LocalStore> {
  try {
    await refuseHalfRestored(directory);
    return await openLocalStore({ directory });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new StartupError('data', `The store in ${directory} can not be opened: ${error.message}.`, { cause: error });
  }
}

async function refuseHalfRestored(directory: string): Promise<void> {
  if (await isHalfRestored(directory)) throw new StartupError('data', halfRestored(directory));
}

/** What is wrong with a directory into which a restore was begun and not completed. */
export function halfRestored(directory: string): string {
  return `The restore into ${directory} was interrupted, so its data is not complete: run coffer restore again with the same backup to complete it, or choose another directory with --data.`;
}

/** Refuses keys that are not those of the data. @throws StartupError `keys`. */
export async function proveKeys({ data, keys }: PlaceConfig, storage: Storage): Promise<void> {
  const outcome = await storage.recovery.checkKeyring();
  if (outcome === 'match') return;
  const found =
    outcome === 'mismatch'
      ? `The keyring ${keyringPath(keys)} is not the one that the data in ${data} was written with.`
      : `The data in ${data} has no proof of the keyring it was written with, so the keyring ${keyringPath(keys)} can not be trusted to be the right one.`;
  throw new StartupError(
    'keys',
    `${found} Nothing was changed. Put the right keyring back from your backup, say with --keys where it is, or choose the data directory that belongs to this keyring.`,
  );
}

function overStore(config: ServerConfig, keyring: Keyring, store: LocalStore, clock: Clock): Storage {
  const { encryptByDefault, minimumPartSize, inlineThreshold, customTimestamps, ignoreUnneededCustomerKey } = config;
  return createStorage(
    {
      metadata: store.metadata,
      blobs: store.blobs,
      keys: keyring,
      clock,
      random: systemRandom,
      metadataSize: headerMetadataSize,
    },
    { encryptByDefault, minimumPartSize, inlineThreshold, customTimestamps, ignoreUnneededCustomerKey },
  );
}
