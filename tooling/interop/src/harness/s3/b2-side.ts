import { createHash } from 'node:crypto';
import type { Encryption } from '../encryption.ts';
import { sha1 } from '../test-file.ts';
import { plainRequest, type PlainAnswer } from './plain-request.ts';
import type { S3World } from './s3-scenario.ts';

/** What B2 says about a file, as far as scenarios of S3 compare it. */
export interface B2File {
  readonly fileName: string;
  readonly contentLength: number;
  readonly fileInfo: Readonly<Record<string, string>>;
  readonly serverSideEncryption: { readonly mode: string | null };
}

/** The newest versions of all files of a bucket, as B2 lists them. */
export async function b2Files(world: S3World, bucketName: string): Promise<readonly B2File[]> {
  const { api } = world;
  const fields = { bucketId: await bucketIdOf(world, bucketName), maxFileCount: 1000 };
  const { files } = (await api.call('b2_list_file_names', fields)) as unknown as { files: readonly B2File[] };
  return files;
}

/** The bytes of a file, downloaded by its name. @throws Error unless it succeeds. */
export async function readByB2(
  { api, endpoint }: S3World,
  bucket: string,
  name: string,
  encryption: Encryption,
): Promise<Buffer> {
  const url = `${endpoint.url}/file/${bucket}/${name.split('/').map(encodeURIComponent).join('/')}`;
  const headers = { Authorization: api.token, ...customerKey(encryption) };
  return succeeded(await plainRequest(endpoint, { url, headers })).body;
}

/** Uploads a file. @throws Error unless it succeeds. */
export async function writeByB2(
  world: S3World,
  bucket: string,
  name: string,
  body: Uint8Array,
  encryption: Encryption,
): Promise<void> {
  const bucketId = await bucketIdOf(world, bucket);
  const { uploadUrl: url = '', authorizationToken = '' } = await world.api.call('b2_get_upload_url', { bucketId });
  const headers: Record<string, string> = {
    Authorization: authorizationToken,
    'X-Bz-File-Name': encodeURIComponent(name),
    'X-Bz-Content-Sha1': sha1(body),
    'Content-Type': 'application/octet-stream',
    ...customerKey(encryption),
  };
  if (encryption.mode === 'SSE-B2') headers['X-Bz-Server-Side-Encryption'] = 'AES256';
  succeeded(await plainRequest(world.endpoint, { url, method: 'POST', headers, body }));
}

async function bucketIdOf({ api }: S3World, bucketName: string): Promise<string> {
  const { accountId } = api;
  const answer = await api.call('b2_list_buckets', { accountId, bucketName });
  const { buckets } = answer as unknown as { buckets: readonly { readonly bucketId: string }[] };
  return buckets[0]?.bucketId ?? '';
}

function customerKey({ key }: Encryption): Record<string, string> {
  if (key === undefined) return {};
  return {
    'X-Bz-Server-Side-Encryption-Customer-Algorithm': 'AES256',
    'X-Bz-Server-Side-Encryption-Customer-Key': key.toString('base64'),
    'X-Bz-Server-Side-Encryption-Customer-Key-Md5': createHash('md5').update(key).digest('base64'),
  };
}

function succeeded(answer: PlainAnswer): PlainAnswer {
  if (answer.status !== 200) throw new Error(`B2 answered ${answer.status}: ${answer.body.toString()}`);
  return answer;
}
