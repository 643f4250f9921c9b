import { isAllowedOnBucketKey, type Capability } from '@coffer/b2-schema';

/** Capabilities about the same things. */
export interface CapabilityGroup {
  readonly title: string;
  /** What each allows, in a sentence. */
  readonly capabilities: Readonly<Partial<Record<Capability, string>>>;
}

/** Every capability in exactly one group. */
export const capabilityGroups = [
  {
    title: 'Files',
    capabilities: {
      listFiles: 'See which files there are.',
      readFiles: 'Download files.',
      shareFiles: 'Make download authorizations for others.',
      writeFiles: 'Upload, copy and hide files.',
      deleteFiles: 'Delete file versions for good.',
    },
  },
  {
    title: 'Object Lock of files',
    capabilities: {
      readFileRetentions: 'See until when files are protected.',
      writeFileRetentions: 'Protect files until a time.',
      readFileLegalHolds: 'See legal holds.',
      writeFileLegalHolds: 'Set and lift legal holds.',
      bypassGovernance: 'Delete files despite a governance retention, or shorten it.',
    },
  },
  {
    title: 'Buckets',
    capabilities: {
      listBuckets: 'See buckets with their settings.',
      listAllBucketNames: 'See the names of all buckets through S3.',
      readBuckets: 'Read settings of buckets through S3.',
      writeBuckets: 'Create buckets, and change their settings.',
      deleteBuckets: 'Delete buckets that are empty.',
    },
  },
  {
    title: 'Encryption and Object Lock of buckets',
    capabilities: {
      readBucketEncryption: 'See the default encryption.',
      writeBucketEncryption: 'Turn default encryption on and off.',
      readBucketRetentions: 'See Object Lock and the default retention.',
      writeBucketRetentions: 'Turn on Object Lock, and set the default retention.',
    },
  },
  {
    title: 'Rules of buckets',
    capabilities: {
      readBucketNotifications: 'See event notification rules, with their secrets.',
      writeBucketNotifications: 'Set event notification rules.',
      readBucketLifecycleRules: 'Read lifecycle rules through S3.',
      writeBucketLifecycleRules: 'Set lifecycle rules through S3.',
      readBucketReplications: 'See replication rules.',
      writeBucketReplications: 'Set replication rules.',
      readBucketLogging: 'See logging settings.',
      writeBucketLogging: 'Set logging settings.',
    },
  },
  {
    title: 'Application keys',
    capabilities: {
      listKeys: 'See which application keys there are.',
      writeKeys: 'Create application keys, even ones that may do more than this one.',
      deleteKeys: 'Delete application keys.',
    },
  },
] as const satisfies readonly CapabilityGroup[];

/** The capabilities of a group, in its order. */
export function namesIn(group: CapabilityGroup): readonly Capability[] {
  return Object.keys(group.capabilities) as Capability[];
}

/** All capabilities, in the order of the groups. */
export const allCapabilities: readonly Capability[] = capabilityGroups.flatMap(namesIn);

/** A choice of capabilities for a purpose. */
export type Preset = 'readOnly' | 'readAndWrite' | 'everything';

const reading: readonly Capability[] = [
  ...(['listFiles', 'readFiles', 'readFileRetentions', 'readFileLegalHolds'] as const),
  ...(['listBuckets', 'listAllBucketNames', 'readBuckets', 'readBucketEncryption', 'readBucketRetentions'] as const),
  ...(['readBucketLifecycleRules', 'readBucketReplications', 'readBucketLogging'] as const),
];

const presets: Readonly<Record<Preset, readonly Capability[]>> = {
  // Without the rules of event notifications, which show the webhooks' secrets.
  readOnly: reading,
  readAndWrite: [...reading, 'shareFiles', 'writeFiles', 'deleteFiles'],
  everything: allCapabilities,
};

/** The capabilities of a preset, as far as a key may have them that is restricted to buckets or not. */
export function capabilitiesOf(preset: Preset, isForBuckets: boolean): readonly Capability[] {
  return allCapabilities.filter((capability) => presets[preset].includes(capability) && fits(capability, isForBuckets));
}

/** Whether a key may have the capability. */
export function fits(capability: Capability, isForBuckets: boolean): boolean {
  return !isForBuckets || isAllowedOnBucketKey(capability);
}
