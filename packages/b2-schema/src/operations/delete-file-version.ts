import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { booleanField, fileIdField, fileNameField } from '../values/fields.ts';
import { wireFileId } from '../values/wire-ids.ts';

/** B2 docs `b2_delete_file_version`. Also deletes hide markers and unfinished large files. */
export const deleteFileVersion = {
  name: 'b2_delete_file_version',
  requestType: 'DeleteFileVersionRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'deleteFiles' },
  scope: { on: 'file', field: 'fileId' },
  fieldCapabilities: [{ field: 'bypassGovernance', capability: 'bypassGovernance', unless: false }],
  request: z.strictObject({
    fileName: fileNameField,
    fileId: fileIdField,
    bypassGovernance: booleanField.default(false),
  }),
  response: z.object({ fileId: wireFileId, fileName: z.string() }),
  errors: mayAnswer('file_not_present', 'access_denied', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
