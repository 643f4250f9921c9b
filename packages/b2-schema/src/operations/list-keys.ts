import { z } from 'zod';
import { apiVersions } from '../api-version.ts';
import { jsonMethods, type JsonRow } from '../operation-row.ts';
import { mayAnswer } from '../error-codes.ts';
import { accountIdField } from '../fields.ts';
import { maxListCount } from '../limits.ts';
import { listCountField } from '../list-count.ts';
import { wireApplicationKeyId } from '../wire-ids.ts';
import { wireKey, wireKeyV3 } from '../wire-key.ts';

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
