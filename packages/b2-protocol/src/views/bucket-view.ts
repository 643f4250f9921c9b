import type { printReplication } from '@coffer/b2-schema';
import { wireOptions, type WireBucket } from '@coffer/b2-schema';
import { printB2DefaultView, printReadable } from '@coffer/sse-schema';
import type { BucketRecord, CorsRule, LifecycleRule } from '@coffer/storage-ports';
import { may, type CapabilitySet } from './capability-set.ts';

/** A bucket as a caller with these capabilities sees it. */
export function bucketView(bucket: BucketRecord, caller: CapabilitySet): WireBucket {
  return {
    accountId: bucket.accountId,
    bucketId: bucket.bucketId,
    bucketInfo: { ...bucket.info },
    bucketName: bucket.name,
    bucketType: bucket.type,
    corsRules: bucket.corsRules.map(corsRuleView),
    defaultServerSideEncryption: printReadable(
      printB2DefaultView(bucket.defaultEncryption),
      may(caller, 'readBucketEncryption'),
    ),
    fileLockConfiguration: printReadable(fileLockView(bucket), may(caller, 'readBucketRetentions')),
    lifecycleRules: bucket.lifecycleRules.map(lifecycleRuleView),
    options: [...wireOptions],
    replicationConfiguration: printReadable(replicationView(bucket), may(caller, 'readBucketReplications')),
    revision: bucket.revision,
  };
}

function corsRuleView(rule: CorsRule): WireBucket['corsRules'][number] {
  return {
    corsRuleName: rule.corsRuleName,
    allowedOrigins: [...rule.allowedOrigins],
    allowedOperations: [...rule.allowedOperations],
    allowedHeaders: rule.allowedHeaders && [...rule.allowedHeaders],
    exposeHeaders: rule.exposeHeaders && [...rule.exposeHeaders],
    maxAgeSeconds: rule.maxAgeSeconds,
  };
}

function lifecycleRuleView(rule: LifecycleRule): WireBucket['lifecycleRules'][number] {
  return { ...rule };
}

function fileLockView({ fileLockEnabled, defaultRetention }: BucketRecord) {
  return {
    defaultRetention: {
      mode: defaultRetention?.mode ?? null,
      period: defaultRetention === null ? null : { ...defaultRetention.period },
    },
    isFileLockEnabled: fileLockEnabled,
  };
}

function replicationView({ replication }: BucketRecord): ReturnType<typeof printReplication> {
  if (replication === null) return null;
  const { asReplicationSource: source, asReplicationDestination: destination } = replication;
  if (source === null && destination === null) return null;
  return {
    asReplicationSource: source && {
      replicationRules: source.replicationRules.map(({ enabledSince: _, ...rule }) => rule),
      sourceApplicationKeyId: source.sourceApplicationKeyId,
    },
    asReplicationDestination: destination && {
      sourceToDestinationKeyMapping: { ...destination.sourceToDestinationKeyMapping },
    },
  };
}
