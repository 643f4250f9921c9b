import { pieceEnds } from '@coffer/bytes';
import type { SealedPart } from '@coffer/envelope-crypto';
import { StoreError, type FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { asReadFailure } from '../encryption/file-encryption.ts';
import { requireGenuine } from '../records/file-parts.ts';
import { findVersion, readerOf } from '../records/find-version.ts';
import { StorageError } from '../services/storage-error.ts';

/** The blobs of a version of any action, if its record is the one that was sealed: `ReadService.check`. */
export async function genuineParts(core: Core, version: FileVersionRecord): Promise<readonly SealedPart[]> {
  try {
    return await requireGenuine(core, version);
  } catch (error) {
    throw await readFailure(core, version.fileId, error);
  }
}

/** Cached by the list's object, which `VerifiedParts` keeps. */
const knownEnds = new WeakMap<readonly SealedPart[], readonly number[]>();

/** Where each part ends in the file, in bytes. */
export function endsOf(parts: readonly SealedPart[]): readonly number[] {
  const known = knownEnds.get(parts);
  if (known !== undefined) return known;
  const ends = pieceEnds(parts.map(({ size }) => size));
  knownEnds.set(parts, ends);
  return ends;
}

/** What a failure to read means: that the file is damaged, or that it was deleted meanwhile. */
export async function readFailure(core: Core, fileId: string, error: unknown): Promise<unknown> {
  const missing = error instanceof StoreError && error.code === 'missing_blob';
  const failure = missing ? failures.integrity(fileId, error) : asReadFailure(error, fileId);
  // Reading takes no space, so to its caller a full disk is a disk that fails.
  if (StorageError.is(failure, 'storage_full')) return failures.storageUnavailable(failure);
  if (!StorageError.is(failure, 'integrity')) return failure;
  const version = await findVersion(readerOf(core.metadata), fileId);
  return version === undefined ? failures.fileMissing() : failure;
}
