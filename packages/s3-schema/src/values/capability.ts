/**
 * The capabilities of application keys that operations of S3 need (B2 docs "S3 Compatible API", "Application Key
 * Capabilities").
 */
export const s3Capabilities = [
  'listAllBucketNames',
  'listBuckets',
  'readBuckets',
  'writeBuckets',
  'deleteBuckets',
  'readBucketEncryption',
  'writeBucketEncryption',
  'readBucketRetentions',
  'writeBucketRetentions',
  'readBucketLogging',
  'writeBucketLogging',
  'listFiles',
  'readFiles',
  'writeFiles',
  'deleteFiles',
  'readFileRetentions',
  'writeFileRetentions',
  'readFileLegalHolds',
  'writeFileLegalHolds',
  'bypassGovernance',
] as const;

/** The name of a capability. */
export type S3Capability = (typeof s3Capabilities)[number];
