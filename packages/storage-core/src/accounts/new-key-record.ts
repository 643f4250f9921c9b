import type { ApplicationKeyRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import type { Transaction } from '../core/transaction.ts';
import type { SealedSecret } from '../encryption/application-key-secret.ts';
import { keepBucket } from '../records/bucket-lookup.ts';
import type { NewApplicationKey } from '../services/storage.ts';

/** The record of a new key, whose buckets stay as they are until the commit. */
export async function newKeyRecord(
  core: Core,
  tx: Transaction,
  wanted: NewApplicationKey,
  applicationKeyId: string,
  sealed: SealedSecret,
): Promise<ApplicationKeyRecord> {
  const { accountId, keyName, capabilities, bucketIds, namePrefix, validDurationInSeconds, notAfter } = wanted;
  for (const bucketId of bucketIds ?? []) await keepBucket(tx, bucketId);
  const createdAt = core.clock.now();
  const end = validDurationInSeconds === null ? Infinity : createdAt + validDurationInSeconds * 1_000;
  const bounded = Math.min(end, notAfter ?? Infinity);
  const expirationTimestamp = bounded === Infinity ? null : bounded;
  const restriction = { capabilities, bucketIds, namePrefix, expirationTimestamp };
  return { applicationKeyId, accountId, keyName, master: false, ...restriction, ...sealed, createdAt };
}
