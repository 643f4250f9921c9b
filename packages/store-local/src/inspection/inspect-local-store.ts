import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '@coffer/storage-ports';
import { localStoreLayout } from '../local-store-layout.ts';
import { isErrno, storeFailure } from '../store-failure.ts';
import { checkMetadata, type MetadataCheck } from './check-metadata.ts';
import { inspectBlobFolder, type BlobFolderFacts } from './inspect-blob-folder.ts';
import type { ProbedMetadata } from './probe-lmdb.ts';

/** What a look at the metadata of a local store finds. */
export type MetadataFacts =
  | { readonly state: 'absent' }
  /** The metadata cannot be read; `reason` is for the operator: a sentence without a full stop. */
  | { readonly state: 'damaged'; readonly reason: string }
  | ({ readonly state: 'readable' } & ProbedMetadata);

/** What is in a directory that may be a local store's. */
export interface LocalStoreParts {
  readonly metadata: MetadataFacts;
  readonly blobs: BlobFolderFacts;
  /** Whatever else is in the directory, as paths relative to it. */
  readonly others: readonly string[];
}

/** Whether a name in the directory is no part of a store and of no interest, such as a lock. */
type Ignored = (name: string) => boolean;

/**
 * Looks at the parts of a store in a directory and changes nothing. Damage is a fact, and does not end the process.
 *
 * @throws StoreError `io` if the directory cannot be read. One that is not there has no parts.
 */
export async function inspectLocalStore(
  directory: string,
  { ignored, ...check }: MetadataCheck & { readonly ignored: Ignored },
): Promise<LocalStoreParts> {
  const names = await namesIn(directory);
  const known = new Set(
    [localStoreLayout.metadata, localStoreLayout.newMetadata, localStoreLayout.blobs].map((of) => of('.')),
  );
  const others = names.filter((name) => !known.has(name) && name !== 'lost+found' && !ignored(name));
  const { facts, strays } = await inspectMetadata(directory, check);
  const blobs = await inspectBlobFolder(localStoreLayout.blobs(directory));
  return { metadata: facts, blobs, others: [...others, ...strays] };
}

/** Looks at the metadata. Without its data file there is no metadata, but other files in its place are reported. */
async function inspectMetadata(
  directory: string,
  check: MetadataCheck,
): Promise<{ readonly facts: MetadataFacts; readonly strays: readonly string[] }> {
  const folder = localStoreLayout.metadata(directory);
  try {
    const names = await namesIn(folder);
    if (!names.includes('data.mdb'))
      return { facts: { state: 'absent' }, strays: names.map((name) => join(localStoreLayout.metadata('.'), name)) };
    return { facts: { state: 'readable', ...(await checkMetadata(folder, check)) }, strays: [] };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { facts: { state: 'damaged', reason: error.message }, strays: [] };
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw storeFailure(`Reading ${directory}`, error);
  }
}
