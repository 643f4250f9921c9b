import { encodeHex } from '@coffer/bytes';
import {
  keys,
  storeFormatVersion,
  type MetadataStore,
  type RandomSource,
  type StoreIdentity,
} from '@coffer/storage-ports';
import { failures } from './failures.ts';
import { transact } from './transaction.ts';

const idLength = 16;

/** What the metadata says of its store; undefined where no store was made yet. */
export async function readStoreIdentity(metadata: MetadataStore): Promise<StoreIdentity | undefined> {
  return (await metadata.get('storeIdentity', keys.storeIdentity()))?.value;
}

/** The identity of a store that is about to be made. */
export function makeStoreIdentity(random: RandomSource): StoreIdentity {
  return { storeId: freshId(random), formatVersion: storeFormatVersion, generation: freshId(random) };
}

/**
 * Gives a store that was restored from a backup a new generation, before anybody uses it, so that all earlier tokens
 * become invalid. The store keeps its id. Resolves with the new identity.
 *
 * @throws StorageError `storage_unavailable` if the metadata is not that of a store, or cannot be written.
 */
export async function renewGeneration(metadata: MetadataStore, random: RandomSource): Promise<StoreIdentity> {
  return transact(metadata, async (tx) => {
    const identity = await tx.get('storeIdentity', keys.storeIdentity());
    if (identity === undefined) throw withoutIdentity();
    const renewed = { ...identity, generation: freshId(random) };
    tx.put('storeIdentity', keys.storeIdentity(), renewed);
    return renewed;
  });
}

/**
 * Makes a function that gives the generation which tokens name. The generation is read once, because it changes only
 * while nothing uses the store. The function throws StorageError `storage_unavailable` if there is none.
 */
export function generationReader(metadata: MetadataStore): () => Promise<string> {
  let known: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    try {
      const identity = await readStoreIdentity(metadata);
      if (identity === undefined) throw withoutIdentity();
      return identity.generation;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
  return () => (known ??= read());
}

function withoutIdentity(): Error {
  return failures.storageUnavailable(new Error('The metadata has no store identity'));
}

function freshId(random: RandomSource): string {
  return encodeHex(random.bytes(idLength));
}
