import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketIdField, nameBoundField } from '../values/fields.ts';
import { overrideFields } from '../requests/download-request.ts';
import { maxDownloadAuthorizationSeconds } from '../values/limits.ts';
import { wireSecret } from '../values/secret-text.ts';
import { wireBucketId } from '../values/wire-ids.ts';

/** B2 docs `b2_get_download_authorization`. A download with the token must ask for the same overrides. */
export const getDownloadAuthorization = {
  name: 'b2_get_download_authorization',
  requestType: 'GetDownloadAuthorizationRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'shareFiles' },
  scope: { on: 'prefix', bucket: 'bucketId', prefix: 'fileNamePrefix' },
  request: z.strictObject({
    bucketId: bucketIdField,
    fileNamePrefix: nameBoundField,
    validDurationInSeconds: z.int().min(1).max(maxDownloadAuthorizationSeconds),
    ...overrideFields,
  }),
  // The empty prefix is the whole bucket.
  emptyInQuery: ['fileNamePrefix'],
  response: z.object({ authorizationToken: wireSecret, bucketId: wireBucketId, fileNamePrefix: z.string() }),
  errors: mayAnswer('bad_bucket_id'),
} as const satisfies JsonRow;
