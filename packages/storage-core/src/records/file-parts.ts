import {
  keys,
  prefixRange,
  recordKey,
  type FileVersionRecord,
  type MetadataStore,
  type PartRecord,
} from '@coffer/storage-ports';
import type { SealedPart } from '@coffer/envelope-crypto';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { sealedBlobsOf, sealedPartOf } from '../encryption/encryption-record.ts';
import type { Transaction } from '../core/transaction.ts';
import { requireSeal } from '../encryption/record-sealing.ts';
import { pagesOf } from '../core/table-pages.ts';
import { mapInTurns } from '../core/turns.ts';

/** All parts that were uploaded for an unfinished large file, ascending. */
export async function readParts(metadata: MetadataStore, fileId: string): Promise<PartRecord[]> {
  const parts: PartRecord[] = [];
  for await (const rows of pagesOf(metadata, 'parts', prefixRange(recordKey(fileId))))
    for (const { value } of rows) parts.push(value);
  return parts;
}

/** The parts that a finished large file is made up of, ascending. */
export async function readFinishedParts(metadata: MetadataStore, fileId: string): Promise<PartRecord[]> {
  // Read before the parts: once the row is gone, so are the parts that it names.
  const pending = (await metadata.get('pendingDeletions', keys.pendingDeletions(fileId)))?.value;
  const parts = await readParts(metadata, fileId);
  return pending?.kind === 'discarded' ? withoutDiscarded(parts, pending.partNumbers) : parts;
}

/** The parts but those that the file was finished without. */
export function withoutDiscarded(parts: readonly PartRecord[], partNumbers: readonly number[]): PartRecord[] {
  const discarded = new Set(partNumbers);
  return parts.filter(({ partNumber }) => !discarded.has(partNumber));
}

/** The blobs that make up a version, as its record was sealed with them: none unless it is a stored file. */
async function blobsOf(core: Core, version: FileVersionRecord): Promise<readonly SealedPart[]> {
  if (version.partCount === null) return sealedBlobsOf(version);
  const parts = await readFinishedParts(core.metadata, version.fileId);
  if (parts.some((part) => part.fileId !== version.fileId)) throw failures.integrity(version.fileId);
  return mapInTurns(parts, sealedPartOf);
}

/**
 * Checks a version of any action, with its parts, against its seal. The parts of a large file that was checked before,
 * and has not changed since, are taken from memory.
 *
 * @throws StorageError `integrity`; `storage_unavailable` if the global key is not at hand.
 */
export async function requireGenuine(core: Core, version: FileVersionRecord): Promise<readonly SealedPart[]> {
  return version.partCount === null
    ? verify(core, version)
    : core.verifiedParts.of(version, () => verify(core, version));
}

async function verify(core: Core, version: FileVersionRecord): Promise<readonly SealedPart[]> {
  const parts = await blobsOf(core, version);
  await requireSeal(core, version, parts);
  return parts;
}

/**
 * To be called before a version is removed. In a bucket that may have locks, the record must be genuine, because it
 * says whether the version is locked. In any other bucket, a damaged version can be removed.
 *
 * @throws StorageError as {@link requireGenuine}.
 */
export async function requireGenuineIfLockable(core: Core, tx: Transaction, version: FileVersionRecord): Promise<void> {
  const bucket = await tx.peek('buckets', keys.buckets(version.bucketId));
  if (bucket?.fileLockEnabled !== false) await requireGenuine(core, version);
}
