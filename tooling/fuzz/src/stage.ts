import { createHash } from 'node:crypto';
import { text, type Api } from './api.ts';

/** What exists on the server while it is fuzzed: one of each thing that an operation can name. */
export interface Stage {
  readonly accountId: string;
  readonly bucketId: string;
  readonly bucketName: string;
  readonly fileId: string;
  readonly largeFileId: string;
  readonly token: string;
  readonly uploadTarget: string;
  readonly uploadToken: string;
  readonly partTarget: string;
  readonly partToken: string;
  /** The id of the application key that signs requests of S3. */
  readonly s3KeyId: string;
}

const key = Buffer.alloc(32, 7);
/** The customer key of the file that is encrypted with one. */
export const customerKey = key.toString('base64');
export const customerKeyMd5 = createHash('md5').update(key).digest('base64');

export async function setStage(api: Api, s3KeyId: string): Promise<Stage> {
  const { accountId, token } = api;
  const bucketName = 'fuzzed-bucket';
  const bucket = await api.call('b2_create_bucket', { accountId, bucketName, bucketType: 'allPrivate' });
  const bucketId = text(bucket['bucketId']);
  const url = await api.call('b2_get_upload_url', { bucketId });
  const headers = { 'X-Bz-File-Name': 'a/file.txt', 'Content-Type': 'text/plain' };
  const fileId = await api.upload(url, headers, 'some text');
  await api.upload(url, { ...headers, 'X-Bz-Server-Side-Encryption': 'AES256' }, 'some other text');
  await api.call('b2_create_key', { accountId, capabilities: ['listFiles'], keyName: 'fuzzed' });
  const start = { bucketId, fileName: 'large', contentType: 'b2/x-auto' };
  const largeFileId = text((await api.call('b2_start_large_file', start))['fileId']);
  const partUrl = await api.call('b2_get_upload_part_url', { fileId: largeFileId });
  await api.upload(partUrl, { 'X-Bz-Part-Number': '1' }, 'a part');
  return {
    ...{ accountId, bucketId, bucketName, fileId, largeFileId, token, s3KeyId },
    uploadTarget: targetOf(url),
    uploadToken: text(url['authorizationToken']),
    partTarget: targetOf(partUrl),
    partToken: text(partUrl['authorizationToken']),
  };
}

/** The state that a refused request must not change. */
export async function snapshot(api: Api, stage: Stage): Promise<string> {
  const { accountId, bucketId, largeFileId } = stage;
  return JSON.stringify([
    await api.call('b2_list_buckets', { accountId }),
    await lastingKeys(api, accountId),
    await api.call('b2_list_file_versions', { bucketId, maxFileCount: 1000 }),
    // Garbage may well cancel the large file.
    await api.call('b2_list_parts', { fileId: largeFileId }).catch((error: unknown) => String(error)),
  ]);
}

/**
 * The keys without an expiry. A key that garbage made with an expiry ends by itself, and no request is to blame for
 * that change.
 */
async function lastingKeys(api: Api, accountId: string): Promise<unknown> {
  const { keys } = await api.call('b2_list_keys', { accountId, maxKeyCount: 10_000 });
  if (!Array.isArray(keys)) return keys;
  return keys.filter((key: { expirationTimestamp: number | null }) => key.expirationTimestamp === null);
}

function targetOf(url: Record<string, unknown>): string {
  return new URL(text(url['uploadUrl'])).pathname;
}
