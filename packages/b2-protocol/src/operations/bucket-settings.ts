import {
  printCorsRule,
  printLifecycleRule,
  printReplication,
  type CorsRule,
  type DefaultRetention,
  type LifecycleRule,
  type ReplicationConfiguration,
} from '@coffer/b2-schema';
import type { BucketSettings } from '@coffer/storage-core';
import type { B2Options } from '../options.ts';
import { present } from '../request/present.ts';

/** The settings that a create and an update share, as the request has them. */
interface RequestedSettings {
  readonly bucketInfo?: Readonly<Record<string, string>> | undefined;
  readonly corsRules?: readonly CorsRule[] | undefined;
  readonly lifecycleRules?: readonly LifecycleRule[] | undefined;
  readonly defaultServerSideEncryption?: BucketSettings['defaultEncryption'];
  readonly defaultRetention?: DefaultRetention | undefined;
  readonly fileLockEnabled?: boolean | undefined;
  readonly replicationConfiguration?: ReplicationConfiguration | undefined;
}

/** The settings as the core takes them; what the request does not have is absent. */
export function bucketSettings(requested: RequestedSettings): BucketSettings {
  const { replicationConfiguration } = requested;
  return present({
    info: requested.bucketInfo,
    corsRules: requested.corsRules?.map(printCorsRule),
    lifecycleRules: requested.lifecycleRules?.map(printLifecycleRule),
    defaultEncryption: requested.defaultServerSideEncryption,
    defaultRetention: defaultRetentionOf(requested.defaultRetention),
    fileLockEnabled: requested.fileLockEnabled,
    replication: replicationConfiguration && printReplication(replicationConfiguration),
  });
}

/** Tells the server when a request switches on replication rules, since this server does not carry them out. */
export function tellOfReplication(
  { onReplicationRules }: B2Options,
  bucketId: string,
  { replication }: BucketSettings,
): void {
  if (replication?.asReplicationSource?.replicationRules.some(({ isEnabled }) => isEnabled) === true)
    onReplicationRules?.(bucketId);
}

function defaultRetentionOf(requested: DefaultRetention | undefined): BucketSettings['defaultRetention'] {
  return requested?.mode === null ? null : requested;
}
