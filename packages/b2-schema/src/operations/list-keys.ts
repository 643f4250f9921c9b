import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { accountIdField } from '../values/fields.ts';
import { maxListCount } from '../values/limits.ts';
import { listCountField } from '../values/list-count.ts';
import { wireApplicationKeyId } from '../values/wire-ids.ts';
import { wireKey, wireKeyV3 } from '../responses/wire-key.ts';

function pageOf<Key extends z.ZodType>(key: Key) {
  return z.object({ keys: z.array(key), nextApplicationKeyId: wireApplicationKeyId.nullable() });
}

const olderResponse = pageOf(wireKeyV3);

/** B2 docs `b2_list_keys`. The versions before v4 leave out keys of several buckets. */
export const listKeys = {
  name: 'b2_list_keys',
  requestType: 'ListKeysRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'listKeys' },
  scope: { on: 'account' },
  request: z.strictObject({
    accountId: accountIdField,
    maxKeyCount: listCountField('maxKeyCount', maxListCount),
    startApplicationKeyId: z.string().max(200).optional(),
  }),
  response: pageOf(wireKey),
  olderResponses: { v1: olderResponse, v2: olderResponse, v3: olderResponse },
  errors: mayAnswer('out_of_range'),
} as const satisfies JsonRow;
