import { z } from 'zod';
import { apiVersions } from '../api-version.ts';
import { jsonMethods, type JsonRow } from '../operation-row.ts';
import { mayAnswer } from '../error-codes.ts';
import { fileIdField } from '../fields.ts';
import { wireFileVersion } from '../wire-file.ts';

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
