import type { Keyring } from '@coffer/keyring';
import { storeFormatVersion, type StoreIdentity, type StoreMark } from '@coffer/storage-ports';
import { localStoreLayout, type LocalStoreParts } from '@coffer/store-local';
import type { PlaceConfig } from '../config/server-config.ts';
import { keyringPath } from '../keys/open-keys.ts';
import { StartupError } from '../startup-error.ts';

/** What was found where a store may be. */
export interface StoreFacts {
  readonly parts: LocalStoreParts;
  /** Undefined: there is no keyring. */
  readonly keyring: Pick<Keyring, 'stores'> | undefined;
  /** Whether the operator asked for a new store although the keyring serves others. */
  readonly newStore: boolean;
}

/**
 * What may be done with what was found:
 *
 * - `make`: make a new store, since nothing exists;
 * - `finish`: complete a store whose first start was cut short; there is nothing in it yet;
 * - `serve`: use it.
 */
export type StoreVerdict = 'make' | 'finish' | 'serve';

type Place = Pick<PlaceConfig, 'data' | 'keys'>;
type Data = Pick<PlaceConfig, 'data'>;
type ReadableMetadata = Extract<LocalStoreParts['metadata'], { state: 'readable' }>;

/**
 * Compares what metadata, blobs and keyring say of the store that they belong to. A missing part does not prove that
 * there was none, so nothing is made in its place: anything but a whole store, or the remains of an interrupted first
 * start, is refused.
 *
 * A first start makes the keyring, which lists no store, then the metadata, complete with its identity, then the mark
 * of the blob folder. At last, before it serves anybody, it puts the store on the keyring's list. So if the keyring
 * does not list the store, and the metadata has no account, nothing was ever stored in it.
 *
 * @throws StartupError saying what was found, what is missing, and what to do.
 */
export function judgeStore(place: Place, { parts, keyring, newStore }: StoreFacts): StoreVerdict {
  requireUsableParts(place, parts);
  const { metadata } = parts;
  if (metadata.state !== 'readable') return judgeNoMetadata(place, { parts, keyring, newStore });
  if (keyring === undefined) throw keyringLost(place);
  if (newStore && !metadata.isFresh) throw storeExists(place);
  return judgeMetadata(place, metadata, parts, keyring);
}

/**
 * Checks what can be checked without a keyring: that metadata, if there is any, and blobs can be read, have this
 * version and belong to one store.
 *
 * @throws StartupError
 */
export function requireUsableParts(place: Data, { metadata, blobs }: LocalStoreParts): void {
  if (metadata.state === 'damaged') throw metadataDamaged(place, metadata.reason);
  if (blobs.state === 'unusable') throw blobsUnusable(blobs.reason);
  const mark = blobs.state === 'usable' ? blobs.mark : undefined;
  const identity = metadata.state === 'readable' ? requireIdentity(place, metadata) : undefined;
  for (const part of [identity, mark]) if (part !== undefined) requireFormat(place, part);
  if (identity !== undefined && mark !== undefined && mark.storeId !== identity.storeId)
    throw otherBlobs(place, identity, `those of the store ${mark.storeId}`);
  if (identity !== undefined && mark === undefined && blobs.state === 'usable' && blobs.hasBlobs)
    throw otherBlobs(place, identity, 'those of a store that it does not name, for it has no store.json');
}

function judgeNoMetadata(place: Place, { parts, keyring, newStore }: StoreFacts): StoreVerdict {
  const { blobs, others } = parts;
  if (blobs.state === 'usable' && (blobs.mark !== undefined || blobs.hasBlobs)) throw metadataMissing(place);
  if (keyring !== undefined && keyring.stores.length > 0 && !newStore) throw storeMissing(place, keyring);
  if (others.length > 0) throw otherThings(place, others);
  return 'make';
}

function judgeMetadata(
  place: Place,
  metadata: ReadableMetadata,
  { blobs }: LocalStoreParts,
  { stores }: Pick<Keyring, 'stores'>,
): StoreVerdict {
  const identity = requireIdentity(place, metadata);
  const listed = stores.find(({ storeId }) => storeId === identity.storeId);
  if (listed !== undefined) requireFormat(place, listed);
  const isMarked = blobs.state === 'usable' && blobs.mark !== undefined;
  if (isMarked && listed !== undefined) return 'serve';
  if (metadata.isFresh && listed === undefined) return 'finish';
  throw isMarked ? otherKeyring(place, identity) : blobsMissing(place, identity);
}

function requireIdentity({ data }: Data, { identity }: ReadableMetadata): StoreIdentity {
  if (identity !== undefined) return identity;
  throw new StartupError(
    'format',
    `The metadata in ${data} does not say which store it belongs to, so it was made by an older program: use that ` +
      'one, or choose another directory with --data.',
  );
}

function requireFormat({ data }: Data, { formatVersion }: StoreMark): void {
  if (formatVersion === storeFormatVersion) return;
  const age = formatVersion > storeFormatVersion ? 'a newer' : 'an older';
  throw new StartupError(
    'format',
    `The store in ${data} has format version ${formatVersion} and this program knows version ` +
      `${storeFormatVersion} only: use ${age} program, nothing was changed.`,
  );
}

function metadataDamaged({ data }: Data, reason: string): StartupError {
  return new StartupError(
    'damaged',
    `${reason}; nothing was changed: restore ${localStoreLayout.metadata(data)} from a backup, or, if its disk ` +
      'fails or is mounted wrongly, mend that first.',
  );
}

function blobsUnusable(reason: string): StartupError {
  return new StartupError(
    'data',
    `The blobs cannot be used: ${reason}; nothing was changed: mend that, or restore the data directory from a backup.`,
  );
}

function otherBlobs({ data }: Data, { storeId }: StoreIdentity, whose: string): StartupError {
  return new StartupError(
    'store_mismatch',
    `The metadata in ${data} is that of the store ${storeId}, but the blobs beside it are ${whose}; nothing was ` +
      'changed: put metadata and blobs of one store together, or restore both from one backup.',
  );
}

function metadataMissing({ data }: Data): StartupError {
  return new StartupError(
    'metadata_missing',
    `There are blobs in ${localStoreLayout.blobs(data)}, but no metadata that tells what they are in ` +
      `${localStoreLayout.metadata(data)}; nothing was changed: mount or restore the metadata, or choose an empty ` +
      'directory with --data.',
  );
}

function blobsMissing({ data }: Data, { storeId }: StoreIdentity): StartupError {
  return new StartupError(
    'blobs_missing',
    `There is metadata of the store ${storeId} in ${data}, but its blobs are not in ` +
      `${localStoreLayout.blobs(data)}; nothing was changed: mount or restore that folder, with its store.json.`,
  );
}

function storeMissing({ data, keys }: Place, { stores }: Pick<Keyring, 'stores'>): StartupError {
  const ids = stores.map(({ storeId }) => storeId).join(', ');
  return new StartupError(
    'store_missing',
    `The keyring ${keyringPath(keys)} is that of the store ${ids}, but there is no store in ${data}; nothing was ` +
      'made: mount its disk, say with --data where it is, restore it from a backup, or begin a new store beside ' +
      'the old keyring with --new-store.',
  );
}

function otherThings({ data }: Data, others: readonly string[]): StartupError {
  const shown = others.slice(0, 5).join(', ') + (others.length > 5 ? ', …' : '');
  return new StartupError(
    'data',
    `There is no store in ${data}, but other things are there (${shown}); nothing was made: choose an empty ` +
      'directory, or the one of the store, with --data.',
  );
}

function otherKeyring({ data, keys }: Place, { storeId }: StoreIdentity): StartupError {
  return new StartupError(
    'keys',
    `The keyring ${keyringPath(keys)} is not the one that the data in ${data} was written with, for it does not ` +
      `list the store ${storeId}; nothing was changed: put the right keyring back from your backup, or say with ` +
      '--keys where it is.',
  );
}

/** The refusal to make a new keyring for data that another keyring protects. */
function keyringLost({ data, keys }: Place): StartupError {
  return new StartupError(
    'keys',
    `There is data in ${data}, but no keyring at ${keyringPath(keys)}. Encrypted files can be read only with the ` +
      'keyring they were written with, ' +
      'so no new one is made. Put the keyring and its root key back from your backup, say with --keys where they ' +
      'are, or choose an empty data directory with --data.',
  );
}

function storeExists({ data }: Data): StartupError {
  return new StartupError(
    'config',
    `There is a store in ${data} already, so --new-store makes none: start without it, or choose an empty ` +
      'directory with --data.',
  );
}
