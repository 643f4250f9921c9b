import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { fileIdField } from '../values/fields.ts';
import { wireAccountId, wireBucketId, wireFileId } from '../values/wire-ids.ts';

/** B2 docs `b2_cancel_large_file`. */
export const cancelLargeFile = {
  name: 'b2_cancel_large_file',
  requestType: 'CancelLargeFileRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: { on: 'file', field: 'fileId' },
  request: z.strictObject({ fileId: fileIdField }),
  response: z.object({
    accountId: wireAccountId,
    bucketId: wireBucketId,
    fileId: wireFileId,
    fileName: z.string(),
  }),
  errors: mayAnswer('storage_cap_exceeded'),
} as const satisfies JsonRow;
