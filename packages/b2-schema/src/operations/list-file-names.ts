import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketIdField, nameBoundField } from '../values/fields.ts';
import { maxListCount } from '../values/limits.ts';
import { listCountField } from '../values/list-count.ts';
import { wireFile } from '../responses/wire-file.ts';

/** B2 docs `b2_list_file_names`. */
export const listFileNames = {
  name: 'b2_list_file_names',
  requestType: 'ListFileNamesRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'listFiles' },
  scope: { on: 'prefix', bucket: 'bucketId', prefix: 'prefix', filteredInV1: true },
  request: z.strictObject({
    bucketId: bucketIdField,
    startFileName: nameBoundField.optional(),
    maxFileCount: listCountField('maxFileCount', maxListCount),
    prefix: nameBoundField.default(''),
    delimiter: nameBoundField.optional(),
  }),
  response: z.object({ files: z.array(wireFile), nextFileName: z.string().nullable() }),
  errors: mayAnswer('bad_bucket_id', 'invalid_bucket_id', 'out_of_range'),
} as const satisfies JsonRow;
