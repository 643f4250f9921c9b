import { z } from 'zod';
import { apiVersions } from '../api-version.ts';
import { jsonMethods, type JsonRow } from '../operation-row.ts';
import { mayAnswer } from '../error-codes.ts';
import { bucketInfoField } from '../bucket-info.ts';
import { bucketTypeField } from '../bucket-type.ts';
import { corsRulesField } from '../cors-rule.ts';
import { lifecycleRulesField } from '../lifecycle-rule.ts';
import { replicationField } from '../replication.ts';
import { wireBucket } from '../wire-bucket.ts';
import { b2DefaultCodec } from '@coffer/sse-schema';
import { accountIdField, booleanField, bucketIdField } from '../fields.ts';
import { defaultRetentionField } from '../file-lock.ts';

/** B2 docs `b2_update_bucket`. A field that is absent is left unchanged; one that is present replaces the whole value. */
export const updateBucket = {
  name: 'b2_update_bucket',
  requestType: 'UpdateBucketRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeBuckets' },
  scope: { on: 'bucket', field: 'bucketId' },
  fieldCapabilities: [
    { field: 'defaultServerSideEncryption', capability: 'writeBucketEncryption' },
    { field: 'defaultRetention', capability: 'writeBucketRetentions' },
    { field: 'fileLockEnabled', capability: 'writeBucketRetentions' },
    { field: 'replicationConfiguration', capability: 'writeBucketReplications' },
  ],
  request: z.strictObject({
    accountId: accountIdField.optional(),
    bucketId: bucketIdField,
    bucketType: bucketTypeField.optional(),
    bucketInfo: bucketInfoField.optional(),
    corsRules: corsRulesField.optional(),
    lifecycleRules: lifecycleRulesField.optional(),
    defaultRetention: defaultRetentionField.optional(),
    defaultServerSideEncryption: b2DefaultCodec.optional(),
    fileLockEnabled: booleanField.optional(),
    replicationConfiguration: replicationField.optional(),
    ifRevisionIs: z.int().nonnegative().optional(),
  }),
  response: wireBucket,
  errors: mayAnswer(
    'bad_bucket_id',
    'conflict',
    'bucket_missing_file_lock',
    'file_lock_conflict',
    'source_replication_conflict',
    'restricted_bucket_conflict',
    'storage_cap_exceeded',
  ),
} as const satisfies JsonRow;
