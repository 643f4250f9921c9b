import { z } from 'zod';
import { apiVersions } from '../api-version.ts';
import { jsonMethods, type JsonRow } from '../operation-row.ts';
import { mayAnswer } from '../error-codes.ts';
import { fileIdField, startPartNumberField } from '../fields.ts';
import { maxListCount } from '../limits.ts';
import { listCountField } from '../list-count.ts';
import { wirePart } from '../wire-part.ts';

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
