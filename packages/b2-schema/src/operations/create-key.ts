import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { accountIdField, bucketIdField, namePrefixField } from '../values/fields.ts';
import { capabilityNames } from '../values/capability.ts';
import { maxBucketsPerAccount, maxKeyDurationSeconds } from '../values/limits.ts';
import { wireNewKey, wireNewKeyV3 } from '../responses/wire-key.ts';

/** B2 docs `b2_create_key`. v4 restricts a key to any number of buckets; the versions before to one. */
export const createKey = {
  name: 'b2_create_key',
  requestType: 'CreateKeyRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeKeys' },
  scope: { on: 'account' },
  fieldVersions: { bucketId: ['v1', 'v2', 'v3'], bucketIds: ['v4'] },
  request: z.strictObject({
    accountId: accountIdField,
    capabilities: z
      .array(z.enum(capabilityNames, { error: 'is not a capability' }))
      .min(1)
      .max(2 * capabilityNames.length),
    keyName: z.string().regex(/^[A-Za-z0-9-]{1,100}$/, { error: 'must be 1 to 100 letters, digits or hyphens' }),
    validDurationInSeconds: z.int().min(1).max(maxKeyDurationSeconds).optional(),
    bucketId: bucketIdField.optional(),
    bucketIds: z.array(bucketIdField).min(1).max(maxBucketsPerAccount).optional(),
    namePrefix: namePrefixField.optional(),
  }),
  response: wireNewKey,
  olderResponses: { v1: wireNewKeyV3, v2: wireNewKeyV3, v3: wireNewKeyV3 },
  errors: mayAnswer('bad_bucket_id', 'storage_cap_exceeded'),
} as const satisfies JsonRow;
