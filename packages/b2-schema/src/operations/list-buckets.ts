import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { accountIdField, bucketIdFilter } from '../values/fields.ts';
import { bucketTypesField } from '../values/bucket-type.ts';
import { wireBucket } from '../responses/wire-bucket.ts';

/** B2 docs `b2_list_buckets`. Filters that match nothing give an empty list. */
export const listBuckets = {
  name: 'b2_list_buckets',
  requestType: 'ListBucketsRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'listBuckets' },
  scope: { on: 'listBuckets', bucketId: 'bucketId', bucketName: 'bucketName' },
  request: z.strictObject({
    accountId: accountIdField,
    bucketId: bucketIdFilter.optional(),
    bucketName: z.string().max(200).optional(),
    bucketTypes: bucketTypesField.default(['allPublic', 'allPrivate', 'snapshot']),
  }),
  response: z.object({ buckets: z.array(wireBucket) }),
  errors: mayAnswer(),
} as const satisfies JsonRow;
