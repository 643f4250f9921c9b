import { keys, type FileVersionRecord, type PartRecord, type StoredChecksums } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { maximumFileSize } from '../core/options.ts';
import type { Transaction } from '../core/transaction.ts';
import { mapInTurns, Turns } from '../core/turns.ts';
import { allShownParts, storedFurther } from '../encryption/checksums.ts';
import { sealedPartOf } from '../encryption/encryption-record.ts';
import { storedEntityTag } from '../encryption/entity-tags.ts';
import { requirePartSeal, requireSeal, sealVersion } from '../encryption/record-sealing.ts';
import { readParts } from '../records/file-parts.ts';
import { recordEvent } from '../records/notification-events.ts';
import { replaceVersion } from '../records/version-commit.ts';
import type { FilePart } from '../services/storage.ts';
import { checksumOfParts } from './checksum-of-parts.ts';

/** All parts that were uploaded. A part that comes after this makes the commit start over. */
export async function uploadedParts(core: Core, tx: Transaction, started: FileVersionRecord): Promise<FilePart[]> {
  const { fileId, encryption } = started;
  // Read before the parts, since a part that comes after this changes the row.
  await tx.get('partEpochs', keys.partEpochs(fileId));
  return allShownParts(core, encryption, await readParts(core.metadata, fileId));
}

/** Makes a stored file of an unfinished large file and those of its parts that it is to be made up of. */
export async function finishWith(
  core: Core,
  tx: Transaction,
  started: FileVersionRecord,
  parts: readonly FilePart[],
): Promise<FileVersionRecord> {
  const finished = await finishedVersion(core, started, parts);
  tx.delete('unfinishedFiles', keys.unfinishedFiles(finished.bucketId, finished.fileId));
  tx.delete('partEpochs', keys.partEpochs(finished.fileId));
  await replaceVersion(tx, finished);
  await recordEvent(tx, core, 'b2:ObjectCreated:MultipartUpload', finished);
  return finished;
}

async function finishedVersion(
  core: Core,
  started: FileVersionRecord,
  parts: readonly FilePart[],
): Promise<FileVersionRecord> {
  await requireSeal(core, started, []);
  await requirePartSeals(core, started, parts);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (size > maximumFileSize) throw failures.bodyTooLarge(maximumFileSize);
  const checksums = await finishedChecksums(core, started, parts);
  const entityTag = await storedEntityTag(core, started.fileId, started.encryption, parts);
  const committedAt = core.clock.now();
  const finished = { action: 'upload', size, partCount: parts.length, checksums, entityTag, committedAt } as const;
  return sealVersion(core, { ...started, ...finished }, await mapInTurns(parts, sealedPartOf));
}

/** The further checksum that the file was started with, from those of its parts. */
async function finishedChecksums(
  core: Core,
  { fileId, encryption, checksums }: FileVersionRecord,
  parts: readonly FilePart[],
): Promise<StoredChecksums> {
  if (checksums.further === undefined) return checksums;
  const { algorithm, of } = checksums.further;
  const value = await checksumOfParts(algorithm, of, parts);
  return { ...checksums, further: await storedFurther(core, encryption, fileId, { algorithm, of, value }) };
}

/** What checking a seal costs, counted in rows. */
const rowsPerSeal = 4;

/**
 * Checks the seal of each part before the parts are sealed together with the file, so that no part that was not
 * uploaded gets into it.
 */
async function requirePartSeals(core: Core, started: FileVersionRecord, parts: readonly PartRecord[]): Promise<void> {
  const turns = new Turns();
  for (const part of parts) {
    await requirePartSeal(core, started, part);
    await turns.handled(rowsPerSeal);
  }
}
