import { effectiveEncryption, type EncryptionRequest } from '@coffer/sse-schema';
import type { BucketRecord } from '@coffer/storage-ports';
import { requireBucket } from '../records/bucket-lookup.ts';
import { judgeClock } from '../core/clock-judgement.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { readerOf } from '../records/find-version.ts';
import { requireFileName } from '../records/file-name.ts';
import { lockOfNewFile, type FileLock } from '../records/lock-rules.ts';
import type { NewFile } from '../services/storage.ts';
import { requireCondition } from '../records/write-condition.ts';
import { requireCustomTimestamp } from '../records/upload-timestamp.ts';

/** A new version that no rule forbids, before its data is looked at. */
export interface Admission {
  readonly file: NewFile;
  readonly bucket: BucketRecord;
  readonly encryption: EncryptionRequest;
  readonly lock: FileLock;
}

/**
 * Applies every rule for a new version that does not need its data: bucket, name, encryption, metadata, lock,
 * timestamp.
 */
export async function admit(core: Core, file: NewFile): Promise<Admission> {
  requireFileName(file.name);
  const bucket = await requireBucket(core, file.bucketId);
  const encryption = encryptionIn(core, bucket, file);
  if (encryption.mode === 'SSE-C' && bucket.blocksCustomerKeys === true)
    throw failures.customerKeysBlocked(bucket.bucketId);
  requireMetadataSize(core, file, encryption.mode !== 'none' || bucket.fileLockEnabled);
  const lock = lockOfNewFile(bucket, file, await lockingTime(core, bucket, file));
  requireCustomTimestamp(core, file.customTimestamp);
  await requireCondition(core, readerOf(core.metadata), file, file.condition);
  await core.monitor.requireWritable();
  return { file, bucket, encryption, lock };
}

/** What was asked for, or the default: only the ZIP file of a snapshot is stored in clear in spite of a default. */
function encryptionIn(core: Core, bucket: BucketRecord, { encryption, isSnapshot }: NewFile): EncryptionRequest {
  if (isSnapshot === true && bucket.type === 'snapshot') return { mode: 'none' };
  return effectiveEncryption(encryption, bucket.defaultEncryption, core.options);
}

/**
 * The time from which the lock of a new file counts. A default retention that is counted from a clock that is behind
 * would end too early.
 */
async function lockingTime(core: Core, { defaultRetention }: BucketRecord, { retention }: NewFile): Promise<number> {
  const isCounted = defaultRetention !== null && retention === undefined;
  return isCounted ? (await judgeClock(core)).presumed : core.clock.now();
}

/** The new version, as far as it does not depend on its data. */
export function admittedVersion({ file, bucket, lock }: Admission, fileId: string) {
  return {
    fileId,
    accountId: bucket.accountId,
    bucketId: bucket.bucketId,
    name: file.name,
    contentType: file.contentType,
    fileInfo: file.fileInfo,
    partCount: null,
    ...lock,
  };
}

function requireMetadataSize(core: Core, { name, fileInfo }: NewFile, restricted: boolean): void {
  const limit = core.options.metadataLimit[restricted ? 'restricted' : 'plain'];
  if (core.metadataSize(name, fileInfo) > limit) throw failures.metadataTooLarge(limit);
}
