import type { BucketId } from '@coffer/b2-schema';
import { readB2DefaultView, type DefaultEncryption } from '@coffer/sse-schema';
import type { CallOptions } from '../calls/call-context.ts';
import { ClientError } from '../errors/client-error.ts';
import type { FilesContext } from './files-context.ts';

/** The encryption of new files that ask for none; undefined if the key may not know it. */
export async function getDefaultEncryption(
  { api }: FilesContext,
  bucketId: BucketId,
  options: CallOptions = {},
): Promise<DefaultEncryption | undefined> {
  const { buckets } = await api.listBuckets({ bucketId }, options);
  const setting = buckets[0]?.defaultServerSideEncryption;
  if (setting === undefined) {
    throw new ClientError('bad_bucket_id', 'There is no such bucket', { operation: 'b2_list_buckets' });
  }
  if (!setting.isClientAuthorizedToRead) return undefined;
  return setting.value === null ? 'none' : readB2DefaultView(setting.value);
}

/** Sets it. Files that are there stay as they are. */
export async function setDefaultEncryption(
  { api }: FilesContext,
  bucketId: BucketId,
  value: DefaultEncryption,
  options: CallOptions = {},
): Promise<void> {
  await api.updateBucket({ bucketId, defaultServerSideEncryption: value }, options);
}
