import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { fileIdField } from '../values/fields.ts';
import { wireFileVersion } from '../responses/wire-file.ts';

/** B2 docs `b2_get_file_info`. Needs no customer key. */
export const getFileInfo = {
  name: 'b2_get_file_info',
  requestType: 'GetFileInfoRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'readFiles' },
  scope: { on: 'file', field: 'fileId' },
  request: z.strictObject({ fileId: fileIdField }),
  response: wireFileVersion,
  errors: mayAnswer('not_found', 'access_denied'),
} as const satisfies JsonRow;
