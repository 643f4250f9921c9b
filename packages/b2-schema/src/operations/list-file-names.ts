import { z } from 'zod';
import { apiVersions } from '../api-version.ts';
import { jsonMethods, type JsonRow } from '../operation-row.ts';
import { mayAnswer } from '../error-codes.ts';
import { bucketIdField, nameBoundField } from '../fields.ts';
import { maxListCount } from '../limits.ts';
import { listCountField } from '../list-count.ts';
import { wireFile } from '../wire-file.ts';

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
