import { keys, type FileVersionRecord, type NameHead } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { shown } from '../encryption/checksums.ts';
import { entityTags } from '../encryption/entity-tags.ts';
import type { WriteCondition } from '../services/storage.ts';
import type { RecordReader } from './find-version.ts';
import { isNewer } from './name-head.ts';

interface Place {
  readonly bucketId: string;
  readonly name: string;
}

/**
 * Checks what a write asks of the version that is current before it. Within a transaction the commit holds only if
 * nothing has changed that since.
 *
 * @throws StorageError `condition_failed`.
 */
export async function requireCondition(
  core: Pick<Core, 'keys'>,
  reader: RecordReader,
  place: Place,
  condition: WriteCondition | undefined,
): Promise<void> {
  if (condition === undefined) return;
  await requireCurrent(core, reader, place, condition, await currentOf(reader, place));
}

/**
 * The same for an unfinished large file, which keeps the place of its start. Whoever finishes it under a condition
 * means to replace what is current; behind a newer version or hide marker it would replace nothing.
 *
 * @throws StorageError `condition_failed`.
 */
export async function requireConditionOfStarted(
  core: Pick<Core, 'keys'>,
  reader: RecordReader,
  started: FileVersionRecord,
  condition: WriteCondition | undefined,
): Promise<void> {
  if (condition === undefined) return;
  const current = await currentOf(reader, started);
  await requireCurrent(core, reader, started, condition, current);
  if (current !== null && isNewer(current, started)) throw failures.conditionFailed('newer');
}

type Current = NameHead['current'];

async function currentOf(reader: RecordReader, { bucketId, name }: Place): Promise<Current> {
  const head = await reader.get('nameHeads', keys.nameHeads(bucketId, name));
  return head?.current ?? null;
}

async function requireCurrent(
  core: Pick<Core, 'keys'>,
  reader: RecordReader,
  { bucketId, name }: Place,
  condition: WriteCondition,
  current: Current,
): Promise<void> {
  if (current === null || current.hidden) {
    if (condition.current !== 'absent') throw failures.conditionFailed('absent');
    return;
  }
  if (condition.current === 'absent') throw failures.conditionFailed('present');
  if (condition.current === 'present') return;
  const { uploadTimestamp, fileId } = current;
  const version = await reader.get('fileVersions', keys.fileVersions(bucketId, name, uploadTimestamp, fileId));
  if (version === undefined) throw failures.integrity(fileId);
  await requireTag(core, version, condition.entityTag);
}

/** @throws StorageError `condition_failed` if the version has another entity tag. */
export async function requireTag(core: Pick<Core, 'keys'>, version: FileVersionRecord, wanted: string): Promise<void> {
  const [tag] = await entityTags(core, [await shown(core, version)]);
  if (tag !== wanted) throw failures.conditionFailed('present');
}
