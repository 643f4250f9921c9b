import { keys, type FileVersionRecord, type PartRecord, type StoredChecksums } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { allShownParts, storedFurther } from '../encryption/checksums.ts';
import { storedEntityTag } from '../encryption/entity-tags.ts';
import { sealedPartOf } from '../encryption/encryption-record.ts';
import { checksumOfParts } from './checksum-of-parts.ts';
import { readParts } from '../records/file-parts.ts';
import { getUnfinished, readerOf } from '../records/find-version.ts';
import { nameQueueKey } from '../records/name-head.ts';
import { recordEvent } from '../records/notification-events.ts';
import { maximumFileSize, maximumPartNumber } from '../core/options.ts';
import { requirePartSeal, requireSeal, sealVersion } from '../encryption/record-sealing.ts';
import { mapInTurns, Turns } from '../core/turns.ts';
import { transact } from '../core/transaction.ts';
import type { FilePart, WriteCondition } from '../services/storage.ts';
import { requireCondition } from '../records/write-condition.ts';
import { replaceVersion } from '../records/version-commit.ts';

/** `LargeFileService.finish`. Only records change, whatever the file's size and encryption. */
export async function finishLargeFile(
  core: Core,
  fileId: string,
  partSha1s: readonly string[],
  condition?: WriteCondition,
): Promise<FileVersionRecord> {
  const started = await getUnfinished(readerOf(core.metadata), fileId);
  await core.monitor.requireWritable();
  return core.queue.run(nameQueueKey(started), () =>
    transact(core.metadata, async (tx) => {
      const unfinished = await getUnfinished(tx, fileId);
      // Read before the parts: a part that comes after this moves the epoch, and the commit starts over.
      await tx.get('partEpochs', keys.partEpochs(fileId));
      const uploaded = await allShownParts(core, unfinished.encryption, await readParts(core, fileId));
      const parts = checkParts(core, uploaded, partSha1s);
      await requireCondition(core, tx, unfinished, condition);
      const finished = await finishedVersion(core, unfinished, parts);
      tx.delete('unfinishedFiles', keys.unfinishedFiles(finished.bucketId, fileId));
      tx.delete('partEpochs', keys.partEpochs(fileId));
      await replaceVersion(tx, finished);
      await recordEvent(tx, core, 'b2:ObjectCreated:MultipartUpload', finished);
      return finished;
    }),
  );
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

/** The parts, if they are exactly those that the caller means and none is too small. */
function checkParts(core: Core, parts: readonly FilePart[], partSha1s: readonly string[]): readonly FilePart[] {
  if (partSha1s.length < 2) throw failures.tooFewParts();
  if (partSha1s.length > maximumPartNumber)
    throw failures.invalid('partSha1Array', `A large file has at most ${maximumPartNumber} parts`);
  const byNumber = new Map(parts.map((part) => [part.partNumber, part]));
  const wanted = partSha1s.map((sha1, index) => requirePart(byNumber, index + 1, sha1));
  if (parts.length > wanted.length)
    throw failures.invalid('partSha1Array', `${parts.length} parts have been uploaded, not ${wanted.length}`);
  for (const part of wanted) requirePartSize(part, part.partNumber < wanted.length ? core.options.minimumPartSize : 1);
  return wanted;
}

function requirePart(parts: ReadonlyMap<number, FilePart>, partNumber: number, sha1: string): FilePart {
  const part = parts.get(partNumber);
  if (part === undefined) throw failures.partMissing(partNumber);
  if (part.contentSha1.sha1 !== sha1.toLowerCase()) throw failures.partSha1Mismatch(partNumber);
  return part;
}

function requirePartSize(part: PartRecord, minimum: number): void {
  if (part.size < minimum) throw failures.partTooSmall(part.partNumber, minimum);
}
