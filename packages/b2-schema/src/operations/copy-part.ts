import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { b2SettingCodec } from '@coffer/sse-schema';
import { copyRangeField, fileIdField, partNumberField } from '../values/fields.ts';
import { wirePart } from '../responses/wire-part.ts';

/** B2 docs `b2_copy_part`. */
export const copyPart = {
  name: 'b2_copy_part',
  requestType: 'CopyPartRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeFiles' },
  scope: {
    on: 'copy',
    source: 'sourceFileId',
    sourceCapability: 'readFiles',
    destination: { to: 'largeFile', field: 'largeFileId' },
  },
  request: z.strictObject({
    sourceFileId: fileIdField,
    largeFileId: fileIdField,
    partNumber: partNumberField,
    range: copyRangeField.optional(),
    sourceServerSideEncryption: b2SettingCodec.optional(),
    destinationServerSideEncryption: b2SettingCodec.optional(),
  }),
  response: wirePart,
  errors: mayAnswer('access_denied', 'not_found', 'range_not_satisfiable', 'source_too_large', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
