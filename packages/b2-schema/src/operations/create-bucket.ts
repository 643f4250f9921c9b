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
import { accountIdField, booleanField, bucketNameField } from '../values/fields.ts';

/** B2 docs `b2_create_bucket`. */
export const createBucket = {
  name: 'b2_create_bucket',
  requestType: 'CreateBucketRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeBuckets' },
  scope: { on: 'account' },
  fieldCapabilities: [
    { field: 'defaultServerSideEncryption', capability: 'writeBucketEncryption' },
    { field: 'fileLockEnabled', capability: 'writeBucketRetentions', unless: false },
    { field: 'replicationConfiguration', capability: 'writeBucketReplications' },
  ],
  request: z.strictObject({
    accountId: accountIdField,
    bucketName: bucketNameField,
    bucketType: bucketTypeField,
    bucketInfo: bucketInfoField.default({}),
    corsRules: corsRulesField.default([]),
    lifecycleRules: lifecycleRulesField.default([]),
    fileLockEnabled: booleanField.default(false),
    defaultServerSideEncryption: b2DefaultCodec.optional(),
    replicationConfiguration: replicationField.optional(),
  }),
  response: wireBucket,
  errors: mayAnswer('duplicate_bucket_name', 'too_many_buckets', 'bad_bucket_id', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
