import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { applicationKeyIdField } from '../values/fields.ts';
import { wireKey, wireKeyV3 } from '../responses/wire-key.ts';

/** B2 docs `b2_delete_key`. */
export const deleteKey = {
  name: 'b2_delete_key',
  requestType: 'DeleteKeyRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'deleteKeys' },
  scope: { on: 'account' },
  request: z.strictObject({ applicationKeyId: applicationKeyIdField }),
  response: wireKey,
  olderResponses: { v1: wireKeyV3, v2: wireKeyV3, v3: wireKeyV3 },
  errors: mayAnswer('storage_cap_exceeded'),
} as const satisfies JsonRow;
