import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketIdField, fileIdField, nameBoundField } from '../values/fields.ts';
import { maxListCount } from '../values/limits.ts';
import { listCountField } from '../values/list-count.ts';
import { rule } from '../values/rule.ts';
import { wireFile } from '../responses/wire-file.ts';
import { wireFileId } from '../values/wire-ids.ts';

/** B2 docs `b2_list_file_versions`. */
export const listFileVersions = {
  name: 'b2_list_file_versions',
  requestType: 'ListFileVersionsRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'listFiles' },
  scope: { on: 'prefix', bucket: 'bucketId', prefix: 'prefix', filteredInV1: true },
  request: z
    .strictObject({
      bucketId: bucketIdField,
      startFileName: nameBoundField.optional(),
      startFileId: fileIdField.optional(),
      maxFileCount: listCountField('maxFileCount', maxListCount),
      prefix: nameBoundField.default(''),
      delimiter: nameBoundField.optional(),
    })
    .check(
      rule(({ startFileName, startFileId }) =>
        startFileId !== undefined && startFileName === undefined
          ? 'startFileName must be given when startFileId is'
          : undefined,
      ),
    ),
  response: z.object({
    files: z.array(wireFile),
    nextFileId: wireFileId.nullable(),
    nextFileName: z.string().nullable(),
  }),
  errors: mayAnswer('bad_bucket_id', 'invalid_bucket_id', 'invalid_file_id', 'out_of_range'),
} as const satisfies JsonRow;
