import type { SecretString } from '@coffer/bytes';
import { s3Capabilities } from '@coffer/s3-protocol';
import type { NewApplicationKey, Storage } from '@coffer/storage-core';

/** An application key for S3, which does not take the master key. */
export interface S3Key {
  readonly id: string;
  readonly secret: SecretString;
}

/** Keys of B2 have names; this one is that of the operator's key for S3. */
const keyName = 'coffer-s3';

const rights = (accountId: string): NewApplicationKey => ({
  accountId,
  keyName,
  capabilities: s3Capabilities,
  bucketIds: null,
  namePrefix: null,
  validDurationInSeconds: null,
});

/** Makes a key that may do everything that S3 knows. */
export async function makeS3Key({ applicationKeys }: Storage, accountId: string): Promise<S3Key> {
  const { key, secret } = await applicationKeys.create(rights(accountId));
  return { id: key.applicationKeyId, secret };
}

/** The same with an id and a secret that the operator chose. */
export async function keepS3Key({ applicationKeys }: Storage, accountId: string, { id, secret }: S3Key): Promise<void> {
  await applicationKeys.keep({ ...rights(accountId), applicationKeyId: id, secret });
}

/** The key that {@link makeS3Key} has made for the account; undefined if there is none. */
export async function findS3Key({ applicationKeys }: Storage, accountId: string): Promise<S3Key | undefined> {
  for (let startId: string | undefined; ;) {
    const page = await applicationKeys.list({ accountId, limit: 1_000, ...(startId !== undefined && { startId }) });
    const found = page.keys.find((key) => key.keyName === keyName);
    const signing = found && (await applicationKeys.forSigning(found.applicationKeyId));
    if (found !== undefined && signing !== undefined)
      return { id: found.applicationKeyId, secret: await signing.openSecret() };
    if (page.nextId === null) return undefined;
    startId = page.nextId;
  }
}
