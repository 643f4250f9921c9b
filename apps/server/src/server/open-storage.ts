import { rm } from 'node:fs/promises';
import { headerMetadataSize } from '@coffer/b2-protocol';
import type { KeyProvider } from '@coffer/envelope-crypto';
import type { Keyring } from '@coffer/keyring';
import { createStorage, StorageError, type Storage } from '@coffer/storage-core';
import { StoreError, systemRandom, type Clock, type MetadataStore } from '@coffer/storage-ports';
import { compactionFolder, openLocalStore, type LocalStore } from '@coffer/store-local';
import type { PlaceConfig, ServerConfig } from '../config/server-config.ts';
import { isThere, makeDataDirectory } from '../data/data-directory.ts';
import { lockDirectory, type DirectoryLock } from '../data/directory-lock.ts';
import { keyringPath, makeKeys, openKeys, openKeysIfThere } from '../keys/open-keys.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { StartupError, systemErrorCode } from '../startup-error.ts';
import { judgeStore, type StoreVerdict } from '../store/judge-store.ts';
import { chooseDigestEngine, chooseEngine } from '../store/choose-engine.ts';
import { finishStore, makeMetadata, requireOneStore } from '../store/make-store.ts';
import { lookAtParts, pagesAtStart } from '../store/store-facts.ts';
import type { Cleanup } from './cleanup.ts';

/** An open storage, and its metadata store. */
export interface OpenedStores {
  readonly storage: Storage;
  /** The keys that the storage works with. */
  readonly keyring: Pick<Keyring, 'reload' | 'listKeys'>;
  readonly metadata: MetadataStore;
}

/** A storage to which only this process, and those that inherit its lock, may write. */
export interface OpenedStorage extends OpenedStores {
  /** Undefined for a storage in memory, which no other process can open. */
  readonly lock: DirectoryLock | undefined;
  /** Whether the keyring was made just now. */
  readonly keyringCreated: boolean;
}

/** What opening needs from its server. */
interface OpeningContext {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly cleanup: Cleanup;
  /** Whether to begin a new store although the keyring serves others. */
  readonly newStore: boolean;
}

/**
 * Takes the lock, opens the keys, compares all parts that exist, opens the store, and checks the proof that keys and
 * store belong together, in this order. Nothing is made or changed before it is certain that either nothing exists, or
 * all parts exist and belong to one store. `cleanup` closes what was opened.
 *
 * @throws StartupError
 */
export async function openStorage(config: ServerConfig, context: OpeningContext): Promise<OpenedStorage> {
  const { environment, cleanup } = context;
  // Judged before the directory is made, so that none is made in the place of a disk that is not mounted.
  if (!(await isThere(config.data))) (await judge(config, context)).keyring?.close();
  await makeDataDirectory(config.data);
  const lock = await lockDirectory(config.data);
  cleanup.add(() => lock.release());
  await clearCutShort(config.data);
  const { keyring: found, verdict } = await judge(config, context);
  const keyring = found ?? (await makeKeys(config, environment, chooseEngine(config).keys));
  cleanup.add(() => {
    keyring.close();
  });
  const opened = await openJudged(config, keyring, verdict, context);
  return { ...opened, lock, keyringCreated: found === undefined };
}

/**
 * Removes the folder that a killed compaction left: as long as it exists and a lock is held, no command works beside
 * the server. If nothing can be removed there, the steps that read the metadata next report that.
 */
async function clearCutShort(data: string): Promise<void> {
  await rm(compactionFolder(data), { recursive: true, force: true }).catch((error: unknown) => {
    if (systemErrorCode(error) === undefined) throw error;
  });
}

interface Judged {
  readonly verdict: StoreVerdict;
  /** The caller closes it. Undefined: there is no keyring. */
  readonly keyring: Keyring | undefined;
}

async function judge(config: ServerConfig, { environment, newStore }: OpeningContext): Promise<Judged> {
  const parts = await lookAtParts(config.data, { inUse: false, pages: pagesAtStart });
  const keyring = await openKeysIfThere(config, environment, chooseEngine(config).keys);
  try {
    return { keyring, verdict: judgeStore(config, { parts, keyring, newStore }) };
  } catch (error) {
    keyring?.close();
    throw error;
  }
}

async function openJudged(
  config: ServerConfig,
  keyring: Keyring,
  verdict: StoreVerdict,
  context: Pick<OpeningContext, 'clock' | 'cleanup'>,
): Promise<OpenedStores> {
  if (verdict === 'make') await makeMetadata(config, keyring);
  const { storage, store } = await openOver(config, keyring, { ...context, existing: verdict === 'serve' });
  await proveKeys(config, storage);
  if (verdict !== 'serve') await finishStore(config, storage, keyring);
  return { storage, keyring, metadata: store.metadata };
}

/**
 * Opens the same storage in a worker process: another process has taken the lock, made what was missing and finished
 * what a crash interrupted. `cleanup` closes what was opened.
 *
 * @throws StartupError `keys`, `data`.
 */
export async function openStorageInWorker(
  config: ServerConfig,
  context: Omit<OpeningContext, 'newStore'>,
): Promise<OpenedStores> {
  const keyring = await openKeys(config, context.environment, chooseEngine(config).keys);
  context.cleanup.add(() => {
    keyring.close();
  });
  const { storage, store } = await openOver(config, keyring, { ...context, existing: true });
  await requireOneStore(config, storage, keyring);
  await proveKeys(config, storage);
  return { storage, keyring, metadata: store.metadata };
}

async function openOver(
  config: ServerConfig,
  keyring: Keyring,
  { clock, cleanup, existing }: Pick<OpeningContext, 'clock' | 'cleanup'> & { readonly existing: boolean },
): Promise<{ readonly storage: Storage; readonly store: LocalStore }> {
  const store = await openStore(config.data, { existing });
  cleanup.add(() => store.close());
  const storage = storageOver(config, keyring, store, clock);
  cleanup.add(() => retire(storage));
  return { storage, store };
}

/** If this fails, the only effect is that the next recovery accepts more blobs as those of interrupted writes. */
async function retire({ recovery }: Storage): Promise<void> {
  await recovery.retire().catch((error: unknown) => {
    if (!(error instanceof StorageError)) throw error;
  });
}

/** @throws StartupError `data`, also if the store has missing parts and must be `existing`. */
export async function openStore(directory: string, { existing }: { readonly existing: boolean }): Promise<LocalStore> {
  try {
    return await openLocalStore({ directory, existing });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new StartupError('data', `The store in ${directory} cannot be opened: ${error.message}.`, { cause: error });
  }
}

/** Refuses keys that do not belong to the data. @throws StartupError `keys`. */
export async function proveKeys({ data, keys }: PlaceConfig, storage: Storage): Promise<void> {
  const outcome = await storage.recovery.checkKeyring();
  if (outcome === 'match') return;
  const found =
    outcome === 'mismatch'
      ? `The keyring ${keyringPath(keys)} is not the one that the data in ${data} was written with.`
      : `The data in ${data} has no proof of the keyring it was written with, so the keyring ${keyringPath(keys)} ` +
        'cannot be trusted to be the right one.';
  throw new StartupError(
    'keys',
    `${found} Nothing was changed. Put the right keyring back from your backup, say with --keys where it is, or ` +
      'choose the data directory that belongs to this keyring.',
  );
}

/** Makes the storage over the stores, with the options of the configuration. */
export function storageOver(
  config: ServerConfig,
  keys: KeyProvider,
  stores: Pick<LocalStore, 'metadata' | 'blobs'>,
  clock: Clock,
): Storage {
  return createStorage(
    {
      metadata: stores.metadata,
      blobs: stores.blobs,
      keys,
      clock,
      random: systemRandom,
      engine: chooseEngine(config),
      digestEngine: chooseDigestEngine(config),
      metadataSize: headerMetadataSize,
    },
    config.storage,
  );
}
