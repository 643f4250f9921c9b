import {
  isPossibleBucketName,
  neededCapabilities,
  S3Error,
  type CapabilityInput,
  type S3Capability,
  type SupportedRow,
} from '@coffer/s3-schema';
import { coversName, StorageError, type Grant, type AccountStorage } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import type { Caller } from './caller.ts';
import { requireCovered } from './covered-bucket.ts';

/** What is asked for, as far as rights depend on it. */
export interface Asked extends CapabilityInput {
  readonly row: SupportedRow;
  readonly caller: Caller;
  readonly bucketName: string;
  readonly key: string | undefined;
}

/**
 * Refuses a caller without the capabilities, before anything is looked up. What everybody may do in a public bucket is
 * decided once the bucket is known, see {@link requireBucket}.
 *
 * @throws S3Error `AccessDenied`
 */
export function requireCapabilities(row: SupportedRow, caller: Caller, request: CapabilityInput): void {
  if (!row.isOpenInPublicBucket) requireHeld(row, caller, request);
}

function requireHeld(row: SupportedRow, caller: Caller, request: CapabilityInput): Grant {
  if (caller.kind === 'anonymous') throw new S3Error('AccessDenied');
  for (const group of neededCapabilities(row, request)) requireOne(caller.grant, group);
  return caller.grant;
}

/** @throws S3Error `AccessDenied` unless the key has one of the capabilities. */
export function requireOne({ capabilities }: Grant, group: readonly S3Capability[]): void {
  if (!group.some((capability) => capabilities.has(capability))) throw new S3Error('AccessDenied');
}

/**
 * The bucket that a request is about, if its caller may know of it: one of the caller's account, within the restriction
 * of the key, or one that everybody may read. A caller who may not learn which buckets there are gets the same answer
 * for one that does not exist.
 *
 * @throws S3Error `AccessDenied`, `NoSuchBucket`
 */
export async function requireBucket(storage: AccountStorage, asked: Asked): Promise<BucketRecord> {
  const { row, caller, bucketName, key } = asked;
  const bucket = await findBucket(storage, bucketName);
  if (bucket !== undefined && row.isOpenInPublicBucket && bucket.type === 'allPublic') return bucket;
  return requireCovered(requireHeld(row, caller, asked), bucket, { bucketName, key });
}

/** The bucket, whoever owns it; undefined if there is none. */
export async function findBucket(storage: AccountStorage, name: string): Promise<BucketRecord | undefined> {
  if (!isPossibleBucketName(name)) return undefined;
  try {
    return await storage.buckets.getByName(name);
  } catch (error) {
    if (StorageError.is(error, 'bucket_name_missing')) return undefined;
    throw error;
  }
}

/**
 * A list shows what lies under its prefix, so that has to lie under the key's.
 *
 * @throws S3Error `AccessDenied`
 */
export function requireListedPrefix(grant: Grant, prefix: string): void {
  if (!coversName(grant, prefix)) throw new S3Error('AccessDenied');
}

/** @throws S3Error `AccessDenied` if the bucket, or the caller, is not the expected account's. */
export function requireOwner(
  expected: string | undefined,
  { accountId }: Pick<BucketRecord, 'accountId'> | Pick<Grant, 'accountId'>,
): void {
  if (expected !== undefined && expected !== accountId) throw new S3Error('AccessDenied');
}
