import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketInfoField } from '../values/bucket-info.ts';
import { bucketTypeField } from '../values/bucket-type.ts';
import { corsRulesField } from '../settings/cors-rule.ts';
import { lifecycleRulesField } from '../settings/lifecycle-rule.ts';
import { replicationField } from '../settings/replication.ts';
import { wireBucket } from '../responses/wire-bucket.ts';
import { b2DefaultCodec } from '@coffer/sse-schema';
import { accountIdField, booleanField, bucketIdField } from '../values/fields.ts';
import { defaultRetentionField } from '../settings/file-lock.ts';

/**
 * B2 docs `b2_update_bucket`. A field that is absent is left unchanged; one that is present replaces the whole value.
 */
export const updateBucket = {
  name: 'b2_update_bucket',
  requestType: 'UpdateBucketRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeBuckets' },
  scope: { on: 'wholeBucket', field: 'bucketId' },
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
