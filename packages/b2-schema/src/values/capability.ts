/** What is known of a capability besides its name. */
export interface CapabilityFacts {
  /** Whether a key restricted to buckets may hold it. */
  readonly onBucketKey: boolean;
}

const anyKey: CapabilityFacts = { onBucketKey: true };
const accountKey: CapabilityFacts = { onBucketKey: false };

/**
 * All capabilities of application keys (B2 docs "Application Key Capabilities"). The docs do not say whether the
 * replication, logging and lifecycle ones may be on a bucket-restricted key; they may here.
 */
export const capabilities = {
  listKeys: accountKey,
  writeKeys: accountKey,
  deleteKeys: accountKey,
  listAllBucketNames: anyKey,
  listBuckets: anyKey,
  readBuckets: anyKey,
  writeBuckets: accountKey,
  deleteBuckets: accountKey,
  readBucketEncryption: anyKey,
  writeBucketEncryption: anyKey,
  readBucketRetentions: anyKey,
  writeBucketRetentions: anyKey,
  readBucketReplications: anyKey,
  writeBucketReplications: anyKey,
  readBucketNotifications: anyKey,
  writeBucketNotifications: anyKey,
  readBucketLogging: anyKey,
  writeBucketLogging: anyKey,
  readBucketLifecycleRules: anyKey,
  writeBucketLifecycleRules: anyKey,
  listFiles: anyKey,
  readFiles: anyKey,
  shareFiles: anyKey,
  writeFiles: anyKey,
  deleteFiles: anyKey,
  readFileRetentions: anyKey,
  writeFileRetentions: anyKey,
  readFileLegalHolds: anyKey,
  writeFileLegalHolds: anyKey,
  bypassGovernance: anyKey,
} as const satisfies Record<string, CapabilityFacts>;

/** The name of a capability. */
export type Capability = keyof typeof capabilities;

/** All names, in the order of the table: what a master key holds. */
export const capabilityNames = Object.keys(capabilities) as [Capability, ...Capability[]];

/** Whether there is a capability of this name. */
export function isCapability(name: string): name is Capability {
  return Object.hasOwn(capabilities, name);
}

/** Whether a key restricted to buckets may hold the capability. */
export function isAllowedOnBucketKey(capability: Capability): boolean {
  return capabilities[capability].onBucketKey;
}
