import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { fileIdField } from '../values/fields.ts';
import { maxPartNumber } from '../values/limits.ts';
import { rule } from '../values/rule.ts';
import { wireStoredFile } from '../responses/wire-file.ts';

const sha1 = /^(?:unverified:)?[0-9a-f]{40}$/i;

/** Checks all entries in one go, since a schema would spend some microseconds on each entry that it refuses. */
function sha1sProblem(list: readonly unknown[]): string | undefined {
  const bad = list.findIndex((entry) => typeof entry !== 'string' || !sha1.test(entry));
  return bad === -1 ? undefined : `partSha1Array[${bad}]: must be a SHA-1 in hex`;
}

const partSha1s = z.array(z.custom<string>()).max(maxPartNumber).check(rule(sha1sProblem));

/** B2 docs `b2_finish_large_file`. */
export const finishLargeFile = {
  name: 'b2_finish_large_file',
  requestType: 'FinishLargeFileRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: { on: 'file', field: 'fileId' },
  request: z.strictObject({ fileId: fileIdField, partSha1Array: partSha1s }),
  response: wireStoredFile,
  errors: mayAnswer('access_denied', 'missing_part', 'part_sha1_mismatch', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
