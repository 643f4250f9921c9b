import { effectiveDefault } from '@coffer/sse-schema';
import type { BucketRecord } from '@coffer/storage-ports';
import { failures } from '../core/failures.ts';
import { requireNamePrefix } from '../records/file-name.ts';
import { requireDefaultRetention } from '../records/lock-rules.ts';
import type { BucketSettings, StorageOptions } from '../services/storage.ts';

/** The bucket with the settings applied; absent ones stay. */
export function withSettings(bucket: BucketRecord, settings: BucketSettings, options: StorageOptions): BucketRecord {
  if (bucket.fileLockEnabled && settings.fileLockEnabled === false) throw failures.bucketLockConflict();
  for (const { fileNamePrefix } of settings.lifecycleRules ?? [])
    requireNamePrefix('lifecycleRules.fileNamePrefix', fileNamePrefix);
  const changed: BucketRecord = {
    ...bucket,
    type: settings.type ?? bucket.type,
    info: settings.info ?? bucket.info,
    corsRules: settings.corsRules ?? bucket.corsRules,
    lifecycleRules: settings.lifecycleRules ?? bucket.lifecycleRules,
    defaultEncryption:
      settings.defaultEncryption === undefined
        ? bucket.defaultEncryption
        : effectiveDefault(settings.defaultEncryption, options),
    fileLockEnabled: settings.fileLockEnabled ?? bucket.fileLockEnabled,
    defaultRetention: settings.defaultRetention === undefined ? bucket.defaultRetention : settings.defaultRetention,
    replication: settings.replication === undefined ? bucket.replication : settings.replication,
  };
  if (isSource(bucket) && isSource(changed) && changed.fileLockEnabled && !bucket.fileLockEnabled)
    throw failures.bucketReplicationConflict();
  // Also for a default retention that is cleared: B2 takes none at all where there is no lock.
  if (settings.defaultRetention !== undefined && !changed.fileLockEnabled) throw failures.bucketLockMissing();
  if (changed.defaultRetention === null) return changed;
  requireDefaultRetention(changed.defaultRetention);
  return changed;
}

function isSource({ replication }: BucketRecord): boolean {
  return replication !== null && replication.asReplicationSource !== null;
}
