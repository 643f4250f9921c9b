import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { fileIdField, startPartNumberField } from '../values/fields.ts';
import { maxListCount } from '../values/limits.ts';
import { listCountField } from '../values/list-count.ts';
import { wirePart } from '../responses/wire-part.ts';

/** B2 docs `b2_list_parts`. */
export const listParts = {
  name: 'b2_list_parts',
  requestType: 'ListPartsRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: { on: 'file', field: 'fileId' },
  request: z.strictObject({
    fileId: fileIdField,
    startPartNumber: startPartNumberField,
    maxPartCount: listCountField('maxPartCount', maxListCount),
  }),
  response: z.object({ nextPartNumber: z.int().nullable(), parts: z.array(wirePart) }),
  errors: mayAnswer('out_of_range'),
} as const satisfies JsonRow;
