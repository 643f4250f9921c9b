import { z } from 'zod';
import { apiVersions } from '../api-version.ts';
import { jsonMethods, type JsonRow } from '../operation-row.ts';
import { mayAnswer } from '../error-codes.ts';
import { b2SettingCodec } from '@coffer/sse-schema';
import { bucketIdField, contentTypeField, fileNameField, customTimestampField } from '../fields.ts';
import { fileInfoField } from '../file-info.ts';
import { fileRetentionField, legalHoldField } from '../file-lock.ts';
import { wireStartedFile } from '../wire-file.ts';

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
