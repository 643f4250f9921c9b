import { checkLocation, checkNewBucketName, S3Error } from '@coffer/s3-schema';
import { StorageError } from '@coffer/storage-core';
import { findBucket } from '../access/authorize.ts';
import { bucketTypeOf } from '../buckets/bucket-type.ts';
import { emptyResponse } from '../request/responses.ts';
import type { AccountCall, Handler } from './handler.ts';

type Call = AccountCall<'CreateBucket'>;

/** AWS docs `CreateBucket`. A key that is restricted to buckets makes none, since it could not use it. */
export const createBucket: Handler<'CreateBucket'> = async (call) => {
  const { bucketName, document, grant, input, options, record, storage } = call;
  const { acl = 'private', objectLockEnabled } = input.headers;
  if (grant.bucketIds !== null) throw new S3Error('AccessDenied');
  const name = checkNewBucketName(bucketName);
  const [region, ...aliases] = options.regions;
  checkLocation(document, region, aliases);
  const made = await create(call, () =>
    storage.buckets.create({
      accountId: grant.accountId,
      name,
      type: bucketTypeOf(acl),
      settings: objectLockEnabled ? { fileLockEnabled: true } : {},
    }),
  );
  record.bucketId = made.bucketId;
  return emptyResponse([['Location', `/${name}`]]);
};

/** A name that is taken is told apart only for its owner. */
async function create<T>({ bucketName, grant, storage }: Call, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!StorageError.is(error, 'bucket_name_taken')) throw error;
    const other = await findBucket(storage, bucketName);
    const code = other?.accountId === grant.accountId ? 'BucketAlreadyOwnedByYou' : 'BucketAlreadyExists';
    throw new S3Error(code, { details: { BucketName: bucketName } });
  }
}
