import * as z from 'zod';
import type { ApiVersion } from '../values/api-version.ts';
import { wireSecret } from '../values/secret-text.ts';
import { wireAccountId, wireApplicationKeyId, wireBucketId } from '../values/wire-ids.ts';

const common = {
  accountId: wireAccountId,
  applicationKeyId: wireApplicationKeyId,
  // The service may have capabilities that this table has not.
  capabilities: z.array(z.string()),
  expirationTimestamp: z.int().nullable(),
  keyName: z.string(),
  namePrefix: z.string().nullable(),
  options: z.array(z.string()),
};

/** An application key in a response of v4 (B2 docs `b2_create_key`); null is no restriction. */
export const wireKey = z.object({ ...common, bucketIds: z.array(wireBucketId).nullable() });
/** An application key in a response of v4. */
export type WireKey = z.input<typeof wireKey>;

/** The same in v1 to v3, which know a restriction to one bucket only. */
export const wireKeyV3 = z.object({ ...common, bucketId: wireBucketId.nullable() });
/** An application key in a response of v1 to v3, restricted to one bucket at most. */
export type WireKeyV3 = z.input<typeof wireKeyV3>;

/** The secret, in the one response that has it. */
const secret = { applicationKey: wireSecret };
/** The schema of a new application key of v4, the only response with its secret. */
export const wireNewKey = wireKey.extend(secret);
/** The schema of a new application key of v1 to v3, the only response with its secret. */
export const wireNewKeyV3 = wireKeyV3.extend(secret);

/**
 * Whether a version can show the restriction of a key; v1 to v3 skip keys of several buckets in listings and refuse
 * them elsewhere.
 */
export function canShowKey(bucketIds: readonly string[] | null, version: ApiVersion): boolean {
  return version === 'v4' || bucketIds === null || bucketIds.length <= 1;
}

/**
 * The key as v1 to v3 show it.
 *
 * @throws RangeError for a key of several buckets, which {@link canShowKey} tells.
 */
export function printKeyV3<Key extends WireKey>(key: Key): Omit<Key, 'bucketIds'> & { bucketId: string | null } {
  const { bucketIds, ...rest } = key;
  if (!canShowKey(bucketIds, 'v3')) throw new RangeError('A key of several buckets has no form before v4');
  return { ...rest, bucketId: bucketIds?.[0] ?? null };
}
