import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { accountIdField, bucketIdField } from '../values/fields.ts';
import { wireBucket } from '../responses/wire-bucket.ts';

/** B2 docs `b2_delete_bucket`. */
export const deleteBucket = {
  name: 'b2_delete_bucket',
  requestType: 'DeleteBucketRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'deleteBuckets' },
  scope: { on: 'bucket', field: 'bucketId' },
  request: z.strictObject({ accountId: accountIdField, bucketId: bucketIdField }),
  response: wireBucket,
  errors: mayAnswer('bad_bucket_id', 'cannot_delete_non_empty_bucket', 'conflict', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
