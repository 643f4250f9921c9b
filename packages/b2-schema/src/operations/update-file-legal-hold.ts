import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { fileIdField, fileNameField } from '../values/fields.ts';
import { legalHoldField } from '../settings/file-lock.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { wireFileId } from '../values/wire-ids.ts';

/**
 * B2 docs `b2_update_file_legal_hold`. A caller without the capability gets `access_denied`, unlike in most operations.
 */
export const updateFileLegalHold = {
  name: 'b2_update_file_legal_hold',
  requestType: 'UpdateFileLegalHoldRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFileLegalHolds', otherwise: 'access_denied' },
  scope: { on: 'file', field: 'fileId' },
  request: z.strictObject({ fileName: fileNameField, fileId: fileIdField, legalHold: legalHoldField }),
  response: z.object({ fileId: wireFileId, fileName: z.string(), legalHold: legalHoldField }),
  errors: mayAnswer(
    'access_denied',
    'bucket_missing_file_lock',
    'file_not_present',
    'metadata_exceeded',
    'storage_cap_exceeded',
  ),
} as const satisfies JsonRow;
