import { headerMetadataSize } from '@coffer/b2-protocol';
import type { Keyring } from '@coffer/keyring';
import { createStorage, type Storage } from '@coffer/storage-core';
import { systemRandom } from '@coffer/storage-ports';
import {
  machineClock,
  openLocalStoreToRead,
  type LocalStore,
  type LocalStoreParts,
  type ReadableLocalStore,
} from '@coffer/store-local';
import type { PlaceConfig } from '../config/server-config.ts';
import { openKeysIfThere } from '../keys/open-keys.ts';
import { visitDirectory } from '../data/visitors.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { StartupError } from '../startup-error.ts';
import { chooseEngine } from '../store/choose-engine.ts';
import { judgeStore, requireUsableParts } from '../store/judge-store.ts';
import { isServed, lookAtParts, pagesAtStart } from '../store/store-facts.ts';
import type { Cleanup } from './cleanup.ts';
import { openStore, proveKeys } from './open-storage.ts';

interface BesideOptions {
  readonly cleanup: Cleanup;
  /** The message if there is no store yet. */
  readonly absent: string;
}

/**
 * The storage in a data directory, for a command that may work beside a running server: it takes no lock, makes no
 * keys, and refuses a store on which a server would not start. While it is open, nobody replaces the metadata.
 * `cleanup` closes what was opened.
 *
 * @throws StartupError as a start does; `data`, with `absent` as its text, if there is no store yet.
 */
export async function openStorageBeside(
  config: PlaceConfig,
  environment: Environment,
  options: BesideOptions,
): Promise<Storage> {
  const { keyring } = await judgeBeside(config, environment, options);
  return overStores(config, keyring, await openVisited(config.data), options.cleanup);
}

/**
 * As {@link openStorageBeside}, for a command that only reads: nothing in the directory changes, so it may also be that
 * of a backup. Calls that would change the store reject.
 */
export async function openStorageToRead(
  config: PlaceConfig,
  environment: Environment,
  options: BesideOptions,
): Promise<Storage> {
  const { keyring, inUse } = await judgeBeside(config, environment, options);
  return overStores(config, keyring, await openLocalStoreToRead({ directory: config.data, inUse }), options.cleanup);
}

/**
 * Opens the keys, after a check that a server would start on the store with them. @throws StartupError as {@link
 * openStorageBeside}.
 */
async function judgeBeside(
  config: PlaceConfig,
  environment: Environment,
  { cleanup, absent }: BesideOptions,
): Promise<{ readonly keyring: Keyring; readonly inUse: boolean }> {
  const { parts, inUse } = await lookBeside(config.data);
  const keyring = await openKeysIfThere(config, environment);
  cleanup.add(() => keyring?.close());
  const verdict = judgeStore(config, { parts, keyring, newStore: false });
  if (verdict === 'make' || keyring === undefined) throw new StartupError('data', absent);
  if (verdict === 'finish') throw notFinished(config);
  return { keyring, inUse };
}

async function overStores(
  config: PlaceConfig,
  keys: Keyring,
  store: ReadableLocalStore,
  cleanup: Cleanup,
): Promise<Storage> {
  cleanup.add(() => store.close());
  const { metadata, blobs } = store;
  const sources = { clock: machineClock, random: systemRandom, engine: chooseEngine({ engine: 'auto' }) };
  const storage = createStorage({ metadata, blobs, keys, ...sources, metadataSize: headerMetadataSize });
  await proveKeys(config, storage);
  return storage;
}

/**
 * Opens the stores in a data directory for reading without keys; nothing in the directory changes. The caller closes
 * them.
 *
 * @throws StartupError `data`, with `absent` as its text, if there is no metadata; as a start does for metadata or
 * blobs that cannot be read, and for blobs of another store.
 */
export async function openStoreToRead(data: string, absent: string): Promise<ReadableLocalStore> {
  const inUse = await requireParts(data, absent);
  return openLocalStoreToRead({ directory: data, inUse });
}

/** Like {@link openStoreToRead}, but for writing, too. */
export async function openStoreWithoutKeys(data: string, absent: string): Promise<LocalStore> {
  await requireParts(data, absent);
  return openVisited(data);
}

/** The visit is announced before the store is opened, and ends after it is closed. */
async function openVisited(data: string): Promise<LocalStore> {
  const leave = await visitDirectory(data);
  try {
    const store = await openStore(data, { existing: true });
    return { ...store, close: () => store.close().finally(leave) };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Whether a server has the store open. @throws StartupError as {@link openStoreToRead} says. */
async function requireParts(data: string, absent: string): Promise<boolean> {
  const { parts, inUse } = await lookBeside(data);
  requireUsableParts({ data }, parts);
  if (parts.metadata.state === 'absent') throw new StartupError('data', absent);
  return inUse;
}

async function lookBeside(data: string): Promise<{ readonly parts: LocalStoreParts; readonly inUse: boolean }> {
  const inUse = await isServed(data);
  return { parts: await lookAtParts(data, { inUse, pages: pagesAtStart }), inUse };
}

function notFinished({ data }: PlaceConfig): StartupError {
  return new StartupError(
    'data',
    `The store in ${data} is not complete, for its first start was cut short: start the server once, which ` +
      'completes it.',
  );
}
