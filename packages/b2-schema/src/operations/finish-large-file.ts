import { z } from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { fileIdField } from '../values/fields.ts';
import { maxPartNumber } from '../values/limits.ts';
import { wireStoredFile } from '../responses/wire-file.ts';

const sha1 = z.string().regex(/^(?:unverified:)?[0-9a-f]{40}$/i, { error: 'must be a SHA-1 in hex' });

/** B2 docs `b2_finish_large_file`. */
export const finishLargeFile = {
  name: 'b2_finish_large_file',
  requestType: 'FinishLargeFileRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: { on: 'file', field: 'fileId' },
  request: z.strictObject({ fileId: fileIdField, partSha1Array: z.array(sha1).max(maxPartNumber) }),
  response: wireStoredFile,
  errors: mayAnswer('missing_part', 'part_sha1_mismatch', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
