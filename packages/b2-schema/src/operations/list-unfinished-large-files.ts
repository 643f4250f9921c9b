import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketIdField, fileIdField, nameBoundField } from '../values/fields.ts';
import { maxUnfinishedCount } from '../values/limits.ts';
import { clampedCountField } from '../values/list-count.ts';
import { wireStartedFile } from '../responses/wire-file.ts';
import { wireFileId } from '../values/wire-ids.ts';

/** B2 docs `b2_list_unfinished_large_files`. */
export const listUnfinishedLargeFiles = {
  name: 'b2_list_unfinished_large_files',
  requestType: 'ListUnfinishedLargeFilesRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'listFiles' },
  scope: { on: 'prefix', bucket: 'bucketId', prefix: 'namePrefix', filteredInV1: true },
  request: z.strictObject({
    bucketId: bucketIdField,
    namePrefix: nameBoundField.default(''),
    startFileId: fileIdField.optional(),
    maxFileCount: clampedCountField(maxUnfinishedCount),
  }),
  response: z.object({ files: z.array(wireStartedFile), nextFileId: wireFileId.nullable() }),
  errors: mayAnswer('bad_bucket_id', 'invalid_bucket_id', 'out_of_range'),
} as const satisfies JsonRow;
