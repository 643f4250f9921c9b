import { wireOptions, type WireKey } from '@coffer/b2-schema';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';

/** An application key without its secret, in the form of v4. */
export function keyView(key: ApplicationKeyRecord): WireKey {
  return {
    accountId: key.accountId,
    applicationKeyId: key.applicationKeyId,
    bucketIds: key.bucketIds && [...key.bucketIds],
    capabilities: [...key.capabilities],
    expirationTimestamp: key.expirationTimestamp,
    keyName: key.keyName,
    namePrefix: key.namePrefix,
    options: [...wireOptions],
  };
}
