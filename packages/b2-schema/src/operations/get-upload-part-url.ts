import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { fileIdField } from '../values/fields.ts';
import { wireSecret } from '../values/secret-text.ts';
import { wireFileId } from '../values/wire-ids.ts';

/** B2 docs `b2_get_upload_part_url`. */
export const getUploadPartUrl = {
  name: 'b2_get_upload_part_url',
  requestType: 'GetUploadPartUrlRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: { on: 'file', field: 'fileId' },
  request: z.strictObject({ fileId: fileIdField }),
  response: z.object({ authorizationToken: wireSecret, fileId: wireFileId, uploadUrl: z.string() }),
  errors: mayAnswer('storage_cap_exceeded'),
} as const satisfies JsonRow;
