import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { b2SettingCodec } from '@coffer/sse-schema';
import { bucketIdField, contentTypeField, fileNameField, customTimestampField } from '../values/fields.ts';
import { fileInfoField } from '../values/file-info.ts';
import { fileRetentionField, legalHoldField } from '../settings/file-lock.ts';
import { wireStartedFile } from '../responses/wire-file.ts';

/** B2 docs `b2_start_large_file`. b2sdk spells the timestamp in its own way. */
export const startLargeFile = {
  name: 'b2_start_large_file',
  requestType: 'StartLargeFileRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: { on: 'name', bucket: 'bucketId', name: 'fileName' },
  fieldCapabilities: [
    { field: 'fileRetention', capability: 'writeFileRetentions' },
    { field: 'legalHold', capability: 'writeFileLegalHolds' },
  ],
  aliases: { custom_upload_timestamp: 'customUploadTimestamp' },
  request: z.strictObject({
    bucketId: bucketIdField,
    fileName: fileNameField,
    contentType: contentTypeField,
    fileInfo: fileInfoField.default({}),
    serverSideEncryption: b2SettingCodec.optional(),
    fileRetention: fileRetentionField.optional(),
    legalHold: legalHoldField.optional(),
    customUploadTimestamp: customTimestampField.optional(),
  }),
  response: wireStartedFile,
  errors: mayAnswer(
    'bad_bucket_id',
    'bucket_missing_file_lock',
    'retain_until_timestamp_must_be_in_future',
    'custom_timestamp_not_allowed',
    'custom_timestamp_invalid',
    'storage_cap_exceeded',
  ),
} as const satisfies JsonRow;
