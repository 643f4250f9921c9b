import { z } from 'zod';
import { apiVersions } from '../api-version.ts';
import { jsonMethods, type JsonRow } from '../operation-row.ts';
import { mayAnswer } from '../error-codes.ts';
import { accountIdField, bucketIdFilter } from '../fields.ts';
import { bucketTypesField } from '../bucket-type.ts';
import { wireBucket } from '../wire-bucket.ts';

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
