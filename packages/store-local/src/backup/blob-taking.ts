import { join } from 'node:path';
import type { BlobFolders } from '../blob-folders.ts';
import { attempt, isErrno } from '../store-failure.ts';
import { BackupError } from './backup-error.ts';
import type { BackupFileSystem } from './backup-file-system.ts';
import { pathOfBlob } from './backup-layout.ts';
import { StreamDigest, contentOf, digestFile, type FileDigest } from './digested-file.ts';
import type { ManifestFile } from './manifest.ts';
import { flushFile, makeFile, nameDurably, removeFile, sizeOf } from './new-file.ts';

/**
 * How a blob came into a backup: `kept`: an interrupted run had put it there; `shared`: as another name or a reflink of
 * a file with the same content; `copied`: byte by byte.
 */
type Taking = 'kept' | 'shared' | 'copied';

/** Where a blob can be taken from. */
export interface BlobSources {
  /** The data directory. */
  readonly store: string;
  /** An earlier backup, and what its manifest says of the blob. */
  readonly base: { readonly backup: string; readonly entry: ManifestFile } | undefined;
}

/** Where blobs are put. */
export interface BlobTarget {
  readonly files: BackupFileSystem;
  readonly folders: BlobFolders;
  readonly signal: AbortSignal | undefined;
}

/** A blob that is in the backup now. Its content is durable, its name not yet. */
export interface TakenBlob extends FileDigest {
  readonly taking: Taking;
}

/** Puts a blob into the backup; undefined if no source has it. @throws StoreError `full`, `io`. */
export async function takeBlob(
  target: BlobTarget,
  blobId: string,
  sources: BlobSources,
): Promise<TakenBlob | undefined> {
  const known = sources.base?.entry;
  const path = target.folders.pathOf(blobId);
  const before = await sizeOf(target.files, path);
  if (before !== undefined && (known === undefined || known.length === before))
    return { ...(known ?? (await digestFile(target.files, path, target.signal))), taking: 'kept' };
  if (before !== undefined) await removeFile(target.files, path);
  const places = [...(sources.base === undefined ? [] : [sources.base.backup]), sources.store];
  for (const place of places) {
    const taken = await takeFrom(target, join(place, pathOfBlob(blobId)), path, known);
    if (taken !== undefined) return taken;
  }
  return undefined;
}

/**
 * Takes a blob from a file; undefined if there is no such file, or it has not the length that the blob is known to
 * have.
 */
async function takeFrom(
  target: BlobTarget,
  from: string,
  path: string,
  known: FileDigest | undefined,
): Promise<TakenBlob | undefined> {
  const length = await sizeOf(target.files, from);
  if (length === undefined || (known !== undefined && known.length !== length)) return undefined;
  if (await share(target.files, from, path))
    return { ...(known ?? (await digestFile(target.files, path, target.signal))), taking: 'shared' };
  return copy(target, from, path, known);
}

/**
 * Tries to get the file without copying its bytes; returns whether it worked. If the source has disappeared, this
 * returns false and the copy notices it.
 */
async function share(files: BackupFileSystem, from: string, path: string): Promise<boolean> {
  // EXDEV: another file system; EMLINK: too many names; EPERM: not allowed or not supported here; ENOENT: the source
  // has disappeared; the rest: not supported.
  const refusals = [
    'EXDEV',
    'EMLINK',
    'EPERM',
    'EACCES',
    'ENOTSUP',
    'EOPNOTSUPP',
    'ENOSYS',
    'EINVAL',
    'ENOTTY',
    'ENOENT',
  ];
  const works = async (call: Promise<void> | undefined) => {
    const outcome = call?.then(
      () => true,
      (error: unknown) => {
        if (isErrno(error, ...refusals)) return false;
        throw error;
      },
    );
    return attempt(`Sharing ${from}`, outcome ?? Promise.resolve(false));
  };
  if (await works(files.link(from, path))) return true;
  const temporary = `${path}.tmp`;
  await removeFile(files, temporary);
  if (!(await works(files.clone?.(from, temporary)))) return false;
  await attempt(`Flushing ${path}`, flushFile(files, temporary));
  await attempt(`Naming ${path}`, nameDurably(files, temporary, path));
  return true;
}

async function copy(
  { files, signal }: BlobTarget,
  from: string,
  path: string,
  known: FileDigest | undefined,
): Promise<TakenBlob | undefined> {
  const digest = new StreamDigest();
  try {
    await makeFile(files, path, stoppable(digest.through(contentOf(files, from)), signal));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  const copied = digest.result();
  if (known === undefined || known.sha256 === copied.sha256) return { ...copied, taking: 'copied' };
  await removeFile(files, path);
  throw new BackupError('damaged', `${from} is not what it was when the earlier backup was taken`);
}

async function* stoppable(stream: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
  for await (const piece of stream) {
    signal?.throwIfAborted();
    yield piece;
  }
}
