import { effectiveDefault } from '@coffer/sse-schema';
import type { BucketRecord, ReplicationConfiguration, ReplicationRule } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { requireNamePrefix } from '../records/file-name.ts';
import { requireDefaultRetention } from '../records/lock-rules.ts';
import type { BucketSettings } from '../services/storage.ts';

/** The bucket with the settings applied; absent ones stay. */
export function withSettings(core: Core, bucket: BucketRecord, settings: BucketSettings): BucketRecord {
  requireKeptType(bucket, settings);
  if (bucket.fileLockEnabled && settings.fileLockEnabled === false) throw failures.bucketLockConflict();
  for (const { fileNamePrefix } of settings.lifecycleRules ?? [])
    requireNamePrefix('lifecycleRules.fileNamePrefix', fileNamePrefix);
  const { blocksCustomerKeys: blockedBefore = false, ...rest } = bucket;
  const changed: BucketRecord = {
    ...rest,
    type: settings.type ?? bucket.type,
    info: settings.info ?? bucket.info,
    corsRules: settings.corsRules ?? bucket.corsRules,
    lifecycleRules: settings.lifecycleRules ?? bucket.lifecycleRules,
    defaultEncryption:
      settings.defaultEncryption === undefined
        ? bucket.defaultEncryption
        : effectiveDefault(settings.defaultEncryption, core.options),
    ...((settings.blocksCustomerKeys ?? blockedBefore) && { blocksCustomerKeys: true }),
    fileLockEnabled: settings.fileLockEnabled ?? bucket.fileLockEnabled,
    defaultRetention: settings.defaultRetention === undefined ? bucket.defaultRetention : settings.defaultRetention,
    replication:
      settings.replication === undefined
        ? bucket.replication
        : withSwitchTimes(settings.replication, bucket.replication, core.clock.now()),
  };
  if (isSource(bucket) && isSource(changed) && changed.fileLockEnabled && !bucket.fileLockEnabled)
    throw failures.bucketReplicationConflict();
  // Clearing the default retention is refused as well: B2 accepts this setting only in a bucket with file lock.
  if (settings.defaultRetention !== undefined && !changed.fileLockEnabled) throw failures.bucketLockMissing();
  if (changed.defaultRetention === null) return changed;
  requireDefaultRetention(changed.defaultRetention);
  return changed;
}

/** The bucket of snapshots is made by the server and stays what it is, and no other bucket becomes one. */
function requireKeptType(bucket: BucketRecord, { type = bucket.type }: BucketSettings): void {
  if (type !== bucket.type && (type === 'snapshot' || bucket.type === 'snapshot'))
    throw failures.invalid('bucketType', 'The type of a bucket of snapshots cannot be changed');
}

/** The rules, each with the time since when it is on. A rule keeps its time if it was on for the same files before. */
function withSwitchTimes(
  changed: ReplicationConfiguration | null,
  before: ReplicationConfiguration | null,
  now: number,
): ReplicationConfiguration | null {
  if (changed === null || changed.asReplicationSource === null) return changed;
  const { replicationRules, ...source } = changed.asReplicationSource;
  const earlier = before?.asReplicationSource?.replicationRules ?? [];
  return {
    ...changed,
    asReplicationSource: { ...source, replicationRules: replicationRules.map((rule) => switched(rule, earlier, now)) },
  };
}

function switched(
  { enabledSince: _, ...rule }: ReplicationRule,
  earlier: readonly ReplicationRule[],
  now: number,
): ReplicationRule {
  if (!rule.isEnabled) return rule;
  const same = earlier.find(
    ({ replicationRuleName, fileNamePrefix, isEnabled }) =>
      isEnabled && replicationRuleName === rule.replicationRuleName && fileNamePrefix === rule.fileNamePrefix,
  );
  return { ...rule, enabledSince: same === undefined ? now : (same.enabledSince ?? 0) };
}

function isSource({ replication }: BucketRecord): boolean {
  return replication !== null && replication.asReplicationSource !== null;
}
