import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketIdField } from '../values/fields.ts';
import { wireSecret } from '../values/secret-text.ts';
import { wireBucketId } from '../values/wire-ids.ts';

/** B2 docs `b2_get_upload_url`. */
export const getUploadUrl = {
  name: 'b2_get_upload_url',
  requestType: 'GetUploadUrlRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: { on: 'bucket', field: 'bucketId' },
  request: z.strictObject({ bucketId: bucketIdField }),
  response: z.object({ authorizationToken: wireSecret, bucketId: wireBucketId, uploadUrl: z.string() }),
  errors: mayAnswer('bad_bucket_id', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
