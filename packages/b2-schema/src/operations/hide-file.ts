import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketIdField, fileNameField } from '../values/fields.ts';
import { wireHideMarker } from '../responses/wire-file.ts';

/** B2 docs `b2_hide_file`. */
export const hideFile = {
  name: 'b2_hide_file',
  requestType: 'HideFileRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: { on: 'name', bucket: 'bucketId', name: 'fileName' },
  request: z.strictObject({ bucketId: bucketIdField, fileName: fileNameField }),
  response: wireHideMarker,
  errors: mayAnswer('bad_bucket_id', 'no_such_file', 'already_hidden', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
