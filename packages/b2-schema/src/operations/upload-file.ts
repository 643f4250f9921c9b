import { apiVersions } from '../values/api-version.ts';
import { uploadMethods, type UploadRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { uploadFileHeaders } from '../requests/upload-headers.ts';
import { wireStoredFile } from '../responses/wire-file.ts';

/** B2 docs `b2_upload_file`. */
export const uploadFile = {
  name: 'b2_upload_file',
  requestType: 'UploadFileRequest',
  kind: 'upload',
  methods: uploadMethods,
  versions: apiVersions,
  authorization: { by: 'uploadToken' },
  scope: { on: 'token' },
  fieldCapabilities: [
    { field: 'fileRetention', capability: 'writeFileRetentions' },
    { field: 'legalHold', capability: 'writeFileLegalHolds' },
  ],
  request: uploadFileHeaders,
  response: wireStoredFile,
  errors: mayAnswer(
    'bad_bucket_id',
    'auth_token_limit',
    'bucket_missing_file_lock',
    'retain_until_timestamp_must_be_in_future',
    'custom_timestamp_not_allowed',
    'custom_timestamp_invalid',
    'access_denied',
    'cap_exceeded',
    'storage_cap_exceeded',
    'request_timeout',
  ),
} as const satisfies UploadRow;
