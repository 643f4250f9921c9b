import { apiVersions } from '../values/api-version.ts';
import { uploadMethods, type UploadRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { uploadPartHeaders } from '../requests/upload-headers.ts';
import { wirePart } from '../responses/wire-part.ts';

/** B2 docs `b2_upload_part`. */
export const uploadPart = {
  name: 'b2_upload_part',
  requestType: 'UploadPartRequest',
  kind: 'upload',
  methods: uploadMethods,
  versions: apiVersions,
  authorization: { by: 'partToken' },
  scope: { on: 'token' },
  request: uploadPartHeaders,
  response: wirePart,
  errors: mayAnswer(
    'bad_bucket_id',
    'auth_token_limit',
    'access_denied',
    'cap_exceeded',
    'storage_cap_exceeded',
    'request_timeout',
  ),
} as const satisfies UploadRow;
