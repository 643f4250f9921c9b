import { join, resolve } from 'node:path';
import { chmod } from 'node:fs/promises';
import { StoreError, keys, type MetadataStore } from '@coffer/storage-ports';
import { syncDirectory } from '../durable-directory.ts';
import type { LocalStore } from '../local-store.ts';
import { openLmdb, type LmdbEnvironment } from '../lmdb-environment.ts';
import { decodeRecord } from '../record-codec.ts';
import { attempt } from '../store-failure.ts';
import { backUpFiles, type BackUpFilesOptions, type BackupOutcome, type MetadataCopy } from './back-up-files.ts';
import { nodeBackupFileSystem } from './backup-file-system.ts';
import { namedBlobs, type NamedBlob } from './named-blobs.ts';
import { removeFile } from './new-file.ts';

/** What is backed up, and where to. */
export interface BackUpStoreOptions extends Pick<
  BackUpFilesOptions,
  'destination' | 'base' | 'now' | 'onProgress' | 'signal'
> {
  /** The data directory. */
  readonly directory: string;
  /** The open store in it. Others may have it open, too, and write to it. */
  readonly store: Pick<LocalStore, 'metadata' | 'copyMetadata'>;
}

/**
 * Takes a backup of a local store, which others may use at the same time. The blobs that the copy of the metadata names
 * must not be removed meanwhile: the caller holds a backup lease, which deletes respect. If blobs are removed all the
 * same, the backup fails.
 *
 * @throws BackupError `blobs_gone`, `other_store`, `damaged`, `no_backup` for a base that is none; StoreError `full`,
 * `io`.
 */
export async function backUpStore({ directory, store, ...options }: BackUpStoreOptions): Promise<BackupOutcome> {
  const { metadata } = store;
  return backUpFiles({
    ...options,
    files: nodeBackupFileSystem,
    store: resolve(directory),
    copyMetadata: async (target) => {
      await store.copyMetadata(target);
      await attempt('Copying the metadata', chmod(join(target, 'data.mdb'), 0o600));
    },
    readCopy,
    isLost: (blob) => isLost(metadata, blob),
  });
}

/**
 * Whether the store has lost a blob that cannot be found. A blob whose reference was missing in the copy already was
 * lost before.
 */
async function isLost(metadata: MetadataStore, { blobId, reference }: NamedBlob): Promise<boolean> {
  if (reference === null) return true;
  const { fileId, partNumber } = reference;
  if ((await metadata.get('pendingDeletions', keys.pendingDeletions(blobId))) !== undefined) return false;
  const ofFile = (await metadata.get('pendingDeletions', keys.pendingDeletions(fileId)))?.value;
  if (ofFile?.kind === 'discarded' ? ofFile.partNumbers.includes(partNumber) : ofFile !== undefined) return false;
  return (await metadata.get('blobReferences', keys.blobReferences(blobId))) !== undefined;
}

/** Opens the copy in a directory for reading; closing it leaves no other file there. */
async function readCopy(directory: string): Promise<MetadataCopy> {
  const environment = await openLmdb(directory, { readOnly: true });
  let closed: Promise<void> | undefined;
  const close = async () => {
    await environment.root.close();
    await removeFile(nodeBackupFileSystem, join(directory, 'lock.mdb'));
    await attempt('Flushing the metadata', syncDirectory(directory));
  };
  const copy = { blobs: namedBlobs(environment), close: () => (closed ??= close()) };
  try {
    return { ...copy, identity: identityIn(environment) };
  } catch (error) {
    await copy.close();
    throw error;
  }
}

function identityIn(environment: LmdbEnvironment): MetadataCopy['identity'] {
  const record = environment.table('storeIdentity').get(keys.storeIdentity());
  if (record === undefined) throw new StoreError('io', 'The metadata does not say which store it belongs to');
  const { storeId, generation } = decodeRecord('storeIdentity', record);
  return { storeId, generation };
}
