import type { FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { getUnfinished, readerOf } from '../records/find-version.ts';
import { nameQueueKey } from '../records/name-head.ts';
import { maximumPartNumber } from '../core/options.ts';
import { transact } from '../core/transaction.ts';
import type { FilePart, WriteCondition } from '../services/storage.ts';
import { requireNoSnapshot } from '../records/snapshot-upload.ts';
import { requireConditionOfStarted } from '../records/write-condition.ts';
import { finishWith, uploadedParts } from './finished-version.ts';

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
      await requireNoSnapshot(tx, unfinished, undefined);
      const parts = checkParts(core, await uploadedParts(core, tx, unfinished), partSha1s);
      await requireConditionOfStarted(core, tx, unfinished, condition);
      return finishWith(core, tx, unfinished, parts);
    }),
  );
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

function requirePartSize(part: FilePart, minimum: number): void {
  if (part.size < minimum) throw failures.partTooSmall(part, minimum);
}
