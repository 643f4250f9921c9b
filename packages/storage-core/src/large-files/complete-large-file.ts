import type { SealedPart } from '@coffer/envelope-crypto';
import type { FileVersionRecord, PendingDeletion } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { mapInTurns } from '../core/turns.ts';
import { discardParts } from '../data/blob-records.ts';
import { tryFinishDeletion } from '../data/pending-deletion.ts';
import { allShownParts } from '../encryption/checksums.ts';
import { requireSeal } from '../encryption/record-sealing.ts';
import { requireGenuine } from '../records/file-parts.ts';
import { findVersion, readerOf, type RecordReader } from '../records/find-version.ts';
import { nameQueueKey } from '../records/name-head.ts';
import { requireNoSnapshot } from '../records/snapshot-upload.ts';
import { requireConditionOfStarted } from '../records/write-condition.ts';
import { StorageError } from '../services/storage-error.ts';
import type { Completion, FilePart, ListedPart } from '../services/storage.ts';
import { finishWith, uploadedParts } from './finished-version.ts';
import { chooseListed, requirePossibleList, requireStated } from './listed-parts.ts';
import { requirePartEncryption } from './upload-part.ts';

interface Completed {
  readonly version: FileVersionRecord;
  /** What was uploaded and is not listed. */
  readonly pending: PendingDeletion | null;
}

/** `LargeFileService.complete`. Only records change, whatever the file's size and encryption. */
export async function completeLargeFile(
  core: Core,
  fileId: string,
  listed: readonly ListedPart[],
  options: Completion = {},
): Promise<FileVersionRecord> {
  const found = await getLargeFile(readerOf(core.metadata), fileId);
  requirePossibleList(listed);
  if (found.action === 'start') await core.monitor.requireWritable();
  const { version, pending } = await core.queue.run(nameQueueKey(found), () =>
    transact(core.metadata, async (tx): Promise<Completed> => {
      const large = await getLargeFile(tx, fileId);
      return large.action === 'start'
        ? complete(core, tx, large, listed, options)
        : { version: await requireCompletedWith(core, large, listed, options), pending: null };
    }),
  );
  await tryFinishDeletion(core, pending);
  return version;
}

/** A large file that was started, whether it is finished or not. */
async function getLargeFile(reader: RecordReader, fileId: string): Promise<FileVersionRecord> {
  const version = await findVersion(reader, fileId);
  if (version === undefined || (version.action !== 'start' && version.partCount === null))
    throw failures.noActiveUpload(fileId);
  return version;
}

async function complete(
  core: Core,
  tx: Transaction,
  unfinished: FileVersionRecord,
  listed: readonly ListedPart[],
  options: Completion,
): Promise<Completed> {
  const { fileId } = unfinished;
  const encryption = await requireSeal(core, unfinished, []);
  await requireNoSnapshot(tx, unfinished, options.isSnapshot);
  if (options.encryption !== undefined) requirePartEncryption(encryption, fileId, options.encryption);
  const uploaded = await uploadedParts(core, tx, unfinished);
  const chosen = chooseListed(core, uploaded, listed);
  await requireStated(unfinished, chosen, listed, options);
  await requireConditionOfStarted(core, tx, unfinished, options.condition);
  const version = await finishWith(core, tx, unfinished, chosen);
  const others = withoutListed(uploaded, listed);
  return { version, pending: others.length === 0 ? null : discardParts(tx, fileId, others) };
}

function withoutListed(uploaded: readonly FilePart[], listed: readonly ListedPart[]): readonly number[] {
  const numbers = new Set(listed.map(({ partNumber }) => partNumber));
  return uploaded.flatMap(({ partNumber }) => (numbers.has(partNumber) ? [] : [partNumber]));
}

/**
 * The version, if it was finished with this list. What was asked of the name at that time is not asked again: by now
 * the version itself may be the current one.
 */
async function requireCompletedWith(
  core: Core,
  version: FileVersionRecord,
  listed: readonly ListedPart[],
  options: Completion,
): Promise<FileVersionRecord> {
  const { fileId, encryption } = version;
  const sealed = await genuineParts(core, version);
  if (options.encryption !== undefined) requirePartEncryption(encryption, fileId, options.encryption);
  const parts = await allShownParts(core, encryption, await mapInTurns(sealed, (part) => ({ ...part, fileId })));
  const isSame = (part: (typeof parts)[number], index: number) =>
    part.partNumber === listed[index]?.partNumber && part.entityTag === listed[index].entityTag;
  if (parts.length !== listed.length || !parts.every(isSame)) throw failures.noActiveUpload(fileId);
  await requireStated(version, parts, listed, options);
  return version;
}

/** @throws StorageError `no_active_upload` if the version was deleted meanwhile; `integrity`, `storage_unavailable`. */
async function genuineParts(core: Core, version: FileVersionRecord): Promise<readonly SealedPart[]> {
  try {
    return await requireGenuine(core, version);
  } catch (error) {
    if (StorageError.is(error, 'integrity')) await getLargeFile(readerOf(core.metadata), version.fileId);
    throw error;
  }
}
