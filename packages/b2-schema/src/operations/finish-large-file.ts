import { z } from 'zod';
import { apiVersions } from '../api-version.ts';
import { jsonMethods, type JsonRow } from '../operation-row.ts';
import { mayAnswer } from '../error-codes.ts';
import { fileIdField } from '../fields.ts';
import { maxPartNumber } from '../limits.ts';
import { wireStoredFile } from '../wire-file.ts';

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
