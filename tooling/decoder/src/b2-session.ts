import { createHash } from 'node:crypto';
import type { ServerProcess } from '../../interop/src/harness/server-process.ts';
import type { Encryption } from '../../interop/src/harness/encryption.ts';

type Json = Readonly<Record<string, unknown>>;

/** Makes the B2 calls that storing files needs, with the master key, over `fetch`. Throws unless the status is 200. */
export class B2Session {
  readonly #apiUrl: string;
  readonly #token: string;
  readonly #accountId: string;

  private constructor(account: Json) {
    this.#apiUrl = String(account['apiUrl']);
    this.#token = String(account['authorizationToken']);
    this.#accountId = String(account['accountId']);
  }

  static async authorize(server: ServerProcess): Promise<B2Session> {
    const { keyId, key } = server.credentials;
    const Authorization = `Basic ${Buffer.from(`${keyId}:${key}`).toString('base64')}`;
    const { url } = server.endpoint('http');
    return new B2Session(await json(`${url}/b2api/v2/b2_authorize_account`, { headers: { Authorization } }));
  }

  async createBucket(bucketName: string): Promise<string> {
    const request = { accountId: this.#accountId, bucketName, bucketType: 'allPrivate' };
    return String((await this.#api('b2_create_bucket', request))['bucketId']);
  }

  /** Stores a regular file; its id. */
  async upload(bucketId: string, name: string, data: Buffer, encryption: Encryption): Promise<string> {
    const target = await this.#api('b2_get_upload_url', { bucketId });
    const headers = { 'X-Bz-File-Name': encodeURIComponent(name), 'Content-Type': 'application/octet-stream' };
    return String((await send(target, data, { ...headers, ...fileHeaders(encryption) }))['fileId']);
  }

  /** Stores a large file of these parts; its id. */
  async uploadLarge(
    bucketId: string,
    fileName: string,
    parts: readonly Buffer[],
    encryption: Encryption,
  ): Promise<string> {
    const settings = { bucketId, fileName, contentType: 'application/octet-stream', ...fileSettings(encryption) };
    const fileId = String((await this.#api('b2_start_large_file', settings))['fileId']);
    const target = await this.#api('b2_get_upload_part_url', { fileId });
    const key = encryption.key === undefined ? {} : fileHeaders(encryption);
    for (const [index, part] of parts.entries())
      await send(target, part, { 'X-Bz-Part-Number': String(index + 1), ...key });
    await this.#api('b2_finish_large_file', { fileId, partSha1Array: parts.map(sha1) });
    return fileId;
  }

  #api(operation: string, body: Json): Promise<Json> {
    const url = `${this.#apiUrl}/b2api/v2/${operation}`;
    return json(url, { method: 'POST', headers: { Authorization: this.#token }, body: JSON.stringify(body) });
  }
}

function send(target: Json, data: Buffer, headers: Readonly<Record<string, string>>): Promise<Json> {
  const Authorization = String(target['authorizationToken']);
  const all = { Authorization, 'X-Bz-Content-Sha1': sha1(data), ...headers };
  return json(String(target['uploadUrl']), { method: 'POST', headers: all, body: Uint8Array.from(data) });
}

async function json(url: string, request: RequestInit): Promise<Json> {
  const response = await fetch(url, request);
  if (response.status !== 200) throw new Error(`${url} answered with ${response.status}: ${await response.text()}`);
  return (await response.json()) as Json;
}

function fileHeaders({ mode, key }: Encryption): Readonly<Record<string, string>> {
  const prefix = 'X-Bz-Server-Side-Encryption';
  if (key === undefined) return mode === 'none' ? {} : { [prefix]: 'AES256' };
  return {
    [`${prefix}-Customer-Algorithm`]: 'AES256',
    [`${prefix}-Customer-Key`]: key.toString('base64'),
    [`${prefix}-Customer-Key-Md5`]: md5(key),
  };
}

function fileSettings({ mode, key }: Encryption): Json {
  if (mode === 'none') return {};
  const customer = key === undefined ? {} : { customerKey: key.toString('base64'), customerKeyMd5: md5(key) };
  return { serverSideEncryption: { mode, algorithm: 'AES256', ...customer } };
}

function sha1(data: Uint8Array): string {
  return createHash('sha1').update(data).digest('hex');
}

function md5(data: Uint8Array): string {
  return createHash('md5').update(data).digest('base64');
}
