import type { ApplicationKeyRecord } from '@coffer/storage-ports';
import type { Grant } from '../services/token-service.ts';

/** Cached by the record's object: the store gives out the same object until the record changes. */
const grants = new WeakMap<ApplicationKeyRecord, Grant>();

/** What a key lets its bearer do, for a caller who has proved to have it. The record is not to be changed afterwards.
 * */
export function grantOf(key: ApplicationKeyRecord): Grant {
  const known = grants.get(key);
  if (known !== undefined) return known;
  const grant = makeGrant(key);
  grants.set(key, grant);
  return grant;
}

/** Whether the grant is valid in this bucket; whether the bucket belongs to its account is another question. */
export function coversBucket({ bucketIds }: Pick<Grant, 'bucketIds'>, bucketId: string): boolean {
  return bucketIds === null || bucketIds.has(bucketId);
}

/** Whether a file name, or a prefix of names, lies within the prefix that the grant is restricted to. */
export function coversName({ namePrefix }: Pick<Grant, 'namePrefix'>, name: string): boolean {
  return namePrefix === null || name.startsWith(namePrefix);
}

function makeGrant(key: ApplicationKeyRecord): Grant {
  return {
    key,
    accountId: key.accountId,
    capabilities: new Set(key.capabilities),
    bucketIds: key.bucketIds === null ? null : new Set(key.bucketIds),
    namePrefix: key.namePrefix,
  };
}
