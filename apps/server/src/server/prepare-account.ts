import { StorageError, type BootstrappedAccount, type NewBucket, type Storage } from '@coffer/storage-core';
import type { ServerConfig } from '../config/server-config.ts';
import { StartupError } from '../startup-error.ts';
import { keepS3Key, makeS3Key, type S3Key } from '../keys/s3-key.ts';
import type { ServerContext } from './server-context.ts';

/** The account of the store, and an application key for S3 where one was made or chosen. */
export interface PreparedAccount {
  readonly account: BootstrappedAccount;
  readonly s3Key: S3Key | undefined;
}

/**
 * Finds or makes the account of the store, and its buckets that the operator wants.
 *
 * @throws StartupError `config` if the store does not have the account, or cannot have a bucket, that the configuration
 * names.
 */
export async function prepareAccount(context: ServerContext, storage: Storage): Promise<PreparedAccount> {
  const account = await bootstrap(context.config, storage);
  await makeBuckets(context, storage, account.accountId);
  return { account, s3Key: await prepareS3Key(context.config, storage, account.accountId) };
}

/** The application key for S3 that is wanted, or that a store in memory gets: nobody could ask for it later. */
async function prepareS3Key({ memory, s3, s3Key }: ServerConfig, storage: Storage, accountId: string) {
  if (s3 === undefined) return undefined;
  if (s3Key === undefined) return memory ? makeS3Key(storage, accountId) : undefined;
  try {
    await keepS3Key(storage, accountId, s3Key);
  } catch (cause) {
    if (!StorageError.is(cause, 'invalid')) throw cause;
    throw new StartupError('config', `${cause.message}. Choose another --s3-key-id (COFFER_S3_KEY_ID).`, { cause });
  }
  return s3Key;
}

/** Makes the buckets that the operator wants and that do not exist; existing ones are not changed. */
async function makeBuckets({ config, logger }: ServerContext, { buckets }: Storage, accountId: string): Promise<void> {
  for (const { name, defaultEncryption } of config.bucket) {
    const [found] = await buckets.list({ accountId, name });
    if (found === undefined) {
      const settings = defaultEncryption === undefined ? {} : { defaultEncryption };
      await makeBucket(buckets, { accountId, name, type: 'allPrivate', settings });
      logger.info({ bucket: name }, 'made the bucket');
    } else if (defaultEncryption !== undefined && found.defaultEncryption !== defaultEncryption)
      logger.warn({ bucket: name }, 'the bucket has another default encryption than --bucket names, and keeps it');
  }
}

async function makeBucket(buckets: Storage['buckets'], bucket: NewBucket): Promise<void> {
  try {
    await buckets.create(bucket);
  } catch (cause) {
    if (!StorageError.is(cause, 'bucket_name_taken')) throw cause;
    const advice = 'Choose another name with --bucket (COFFER_BUCKET).';
    throw new StartupError('config', `Another account has a bucket named ${bucket.name}. ${advice}`, { cause });
  }
}

async function bootstrap(
  { data, masterKey, masterKeyId }: ServerConfig,
  { accounts }: Storage,
): Promise<BootstrappedAccount> {
  try {
    return await accounts.bootstrap({
      ...(masterKey && { masterKey }),
      ...(masterKeyId !== undefined && { accountId: masterKeyId }),
    });
  } catch (cause) {
    if (!StorageError.is(cause, 'invalid')) throw cause;
    const advice = 'Leave out --master-key-id (COFFER_MASTER_KEY_ID), or choose the data directory of this id.';
    throw new StartupError('config', `${data}: ${cause.message}. ${advice}`, { cause });
  }
}
