import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { booleanField, fileIdField, fileNameField } from '../values/fields.ts';
import { fileRetentionField, wireFileRetention } from '../settings/file-lock.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { wireFileId } from '../values/wire-ids.ts';

/**
 * B2 docs `b2_update_file_retention`. A caller without the capability gets `access_denied`, unlike in most operations.
 */
export const updateFileRetention = {
  name: 'b2_update_file_retention',
  requestType: 'UpdateFileRetentionRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFileRetentions', otherwise: 'access_denied' },
  scope: { on: 'file', field: 'fileId' },
  fieldCapabilities: [
    { field: 'bypassGovernance', capability: 'bypassGovernance', unless: false, otherwise: 'access_denied' },
  ],
  request: z.strictObject({
    fileName: fileNameField,
    fileId: fileIdField,
    fileRetention: fileRetentionField,
    bypassGovernance: booleanField.default(false),
  }),
  response: z.object({ fileId: wireFileId, fileName: z.string(), fileRetention: wireFileRetention }),
  errors: mayAnswer(
    'access_denied',
    'bucket_missing_file_lock',
    'file_not_present',
    'metadata_exceeded',
    'retain_until_timestamp_must_be_in_future',
    'storage_cap_exceeded',
  ),
} as const satisfies JsonRow;
