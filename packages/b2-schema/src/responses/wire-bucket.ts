import { readableSchema, wireDefaultEncryptionSchema } from '@coffer/sse-schema';
import * as z from 'zod';
import { wireBucketType } from '../values/bucket-type.ts';
import { wireCorsRule } from '../settings/cors-rule.ts';
import { readableFileLock } from '../settings/file-lock.ts';
import { wireLifecycleRule } from '../settings/lifecycle-rule.ts';
import { readableReplication } from '../settings/replication.ts';
import { wireAccountId, wireBucketId } from '../values/wire-ids.ts';

/** A bucket in a response (B2 docs `b2_create_bucket`). All members are always there. */
export const wireBucket = z.object({
  accountId: wireAccountId,
  bucketId: wireBucketId,
  bucketInfo: z.record(z.string(), z.string()),
  bucketName: z.string(),
  bucketType: wireBucketType,
  corsRules: z.array(wireCorsRule),
  defaultServerSideEncryption: readableSchema(wireDefaultEncryptionSchema),
  fileLockConfiguration: readableFileLock,
  lifecycleRules: z.array(wireLifecycleRule),
  options: z.array(z.string()),
  replicationConfiguration: readableReplication,
  /** 2 after creation, then 1 more with each update. */
  revision: z.int(),
});

/** A bucket in a response. */
export type WireBucket = z.input<typeof wireBucket>;

/** `options` of every bucket and key. */
export const wireOptions = ['s3'];
