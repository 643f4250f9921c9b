import type { BucketId } from '@coffer/b2-schema';
import type { CallOptions } from '../calls/call-context.ts';
import { CustomerKeyRing } from '../encryption/customer-key-ring.ts';
import { customerKeyIdInfo, type FileEncryption } from '../encryption/file-encryption.ts';
import { ClientError } from '../errors/client-error.ts';
import type { FilesContext } from '../files/files-context.ts';
import { listFileVersions } from '../files/listings.ts';
import type { ReadingKeys } from '../files/with-keys.ts';
import { checkCount } from '../sources/check-count.ts';
import { inParallel } from '../sources/in-parallel.ts';
import { isEncryptedWith, isLocked, problemOf, verifiedCopy } from './verified-copy.ts';
import { planAll, planCurrent, stacks, type ContentVersion, type Selection, type Version } from './version-stack.ts';

/** Which files are re-encrypted, and how. */
export interface ReencryptOptions extends CallOptions {
  readonly bucketId: BucketId;
  /** One file. */
  readonly fileName?: string | undefined;
  /** All files whose names begin so. Default, if no name is given either: all of the bucket. */
  readonly prefix?: string | undefined;
  /**
   * What is re-encrypted: files under this customer key or mode; of a ring, files under any of its keys and all that
   * no customer key encrypts. A key with an id is that of files that name this id, or none. Default: all files that no
   * customer key encrypts.
   */
  readonly from?: ReadingKeys | undefined;
  /** How they are encrypted afterwards. A customer key needs an id, by which it is known what is done already. */
  readonly to: FileEncryption;
  /**
   * `current`: the current version of each name; `all`: all versions, from the oldest to the newest, so that for a
   * while an older version is the current one, also of a name that was hidden. Default: `current`.
   */
  readonly versions?: 'current' | 'all' | undefined;
  /**
   * Delete a version that `from` selects when its copy is there and has been looked up. Where a version is locked, or
   * is not selected although an earlier run has copied it, it and those below it stay. Default: false.
   */
  readonly deleteOld?: boolean | undefined;
  /** Bytes; what is longer is copied in parts of this size. Default: 5 GiB. */
  readonly partSize?: number | undefined;
  /** How many names are worked on at a time. Default: 4. */
  readonly parallel?: number | undefined;
  /** Called when a part or a file has been copied, and when a name is done. */
  readonly onProgress?: ((progress: ReencryptProgress) => void) | undefined;
}

/** What has been done. */
export interface ReencryptProgress {
  /** Names that are done. */
  readonly names: number;
  /** Versions that were copied. */
  readonly copied: number;
  /** Bytes that were copied. */
  readonly bytes: number;
  /** Old versions that were deleted. */
  readonly deleted: number;
  /** Old versions that stay because they, or versions above them, are locked or not selected. */
  readonly locked: number;
  /**
   * Names that were left alone: others are under the key or mode, or a version that says of which other it is a copy
   * (`reencrypted_from`) has another length, type or SHA-1.
   */
  readonly left: number;
}

type Counts = { -readonly [Key in keyof ReencryptProgress]: number };

interface Work {
  readonly options: ReencryptOptions;
  readonly selection: Selection;
  readonly counts: Counts;
}

/** Copies files on the server so that they are encrypted otherwise. Run again, it goes on where it was. */
export async function reencrypt(context: FilesContext, options: ReencryptOptions): Promise<ReencryptProgress> {
  const { bucketId, fileName, prefix = fileName, from, to, partSize = 1, parallel = 4, signal } = options;
  checkCount(partSize, 'partSize');
  if (to.mode === 'SSE-C' && to.keyId === undefined) {
    throw new ClientError('invalid_request', 'The new customer key needs an id', { field: 'to' });
  }
  if (fileName !== undefined && options.prefix !== undefined) {
    throw new ClientError('invalid_request', 'Give a name or a prefix, not both', { field: 'prefix' });
  }
  const selection: Selection = {
    isTarget: (version) => isEncryptedWith(version, to),
    isSelected: (version) => isUnder(version, from),
    isLike: (copied, source) => problemOf(copied, source, to) === undefined,
  };
  const counts: Counts = { names: 0, copied: 0, bytes: 0, deleted: 0, locked: 0, left: 0 };
  const listed = stacks(listFileVersions(context, { bucketId, prefix, startFileName: fileName }, { signal }));
  const named = fileName === undefined ? listed : onlyNamed(listed, fileName);
  await inParallel(named, parallel, signal, async (stack, one) => {
    await reencryptName(context, { options: { ...options, signal: one }, selection, counts }, stack);
    counts.names++;
    options.onProgress?.({ ...counts });
  });
  return { ...counts };
}

/** Names that begin with the name of another come behind it. */
async function* onlyNamed(listed: AsyncGenerator<Version[], void>, fileName: string): AsyncGenerator<Version[], void> {
  for await (const stack of listed) {
    if (stack[0]?.fileName !== fileName) return;
    yield stack;
  }
}

function isUnder({ serverSideEncryption: { mode }, fileInfo }: ContentVersion, from: ReadingKeys | undefined): boolean {
  if (from instanceof CustomerKeyRing) return true;
  if (from === undefined) return mode !== 'SSE-C';
  if (mode !== from.mode) return false;
  const named = fileInfo[customerKeyIdInfo];
  return from.mode === 'SSE-B2' || named === undefined || from.keyId === undefined || named === from.keyId;
}

async function reencryptName(context: FilesContext, work: Work, stack: readonly Version[]): Promise<void> {
  const { options, selection, counts } = work;
  const { bucketId, versions = 'current', deleteOld = false, signal } = options;
  const plan = versions === 'all' ? planAll(stack, selection) : planCurrent(stack, selection);
  if (plan === undefined) {
    counts.left++;
    return;
  }
  for (const version of plan.copies) await copyVersion(context, work, version);
  const fileName = stack[0]?.fileName ?? '';
  if (plan.hideAgain) await context.api.hideFile({ bucketId, fileName }, { signal });
  if (deleteOld) await removeOld(context, work, stack, new Set([...plan.copied.keys(), ...plan.copies]));
}

async function copyVersion(context: FilesContext, work: Work, version: ContentVersion): Promise<void> {
  const { options, counts } = work;
  const { bucketId, to, from: keys, versions = 'current', deleteOld = false, partSize, onProgress, signal } = options;
  let before = 0;
  await verifiedCopy(context, version, {
    ...{ bucketId, to, keys, partSize, signal },
    // Of a single version that stays, nothing needs to be found again.
    isMarked: versions === 'all' || deleteOld,
    onProgress({ bytes }) {
      counts.bytes += bytes - before;
      before = bytes;
      onProgress?.({ ...counts });
    },
  });
  counts.copied++;
}

/**
 * Deletes from the newest to the oldest, and no version below one that stays: what an interrupted run leaves is then
 * never taken for a version that has yet to be copied above the others.
 */
async function removeOld(
  { api, calls }: FilesContext,
  { options: { signal }, selection, counts }: Work,
  stack: readonly Version[],
  old: ReadonlySet<Version>,
): Promise<void> {
  let isStopped = false;
  for (const version of stack) {
    if (version.action === 'hide' || !old.has(version)) continue;
    // A file under the new key is here only as one that was copied to be on top again.
    const mayGo = selection.isSelected(version) || selection.isTarget(version);
    isStopped ||= !mayGo || isLocked(version, calls.timing.now());
    if (isStopped) {
      counts.locked++;
      continue;
    }
    const { fileId, fileName } = version;
    await api.deleteFileVersion({ fileId, fileName }, { signal });
    counts.deleted++;
  }
}
