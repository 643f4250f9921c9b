import type { ApplicationKeyRecord } from '@coffer/storage-ports';
import type { Grant } from '../services/token-service.ts';

/** Cached by the record's object: the store gives out the same object until the record changes. */
const grants = new WeakMap<ApplicationKeyRecord, Grant>();

/** What the key allows. */
export function grantOf(key: ApplicationKeyRecord): Grant {
  const known = grants.get(key);
  if (known !== undefined) return known;
  const grant = makeGrant(key);
  grants.set(key, grant);
  return grant;
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
