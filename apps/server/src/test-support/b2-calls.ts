import { createHash } from 'node:crypto';
import { request as httpRequest, type Agent, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { once } from 'node:events';

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** PEM of the certificate to trust. */
  readonly ca?: string;
  /** Keeps connections; absent: each request has its own. */
  readonly agent?: Agent;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
}

/** One request. */
export async function call(url: string, { method = 'GET', headers = {}, body, ca, agent }: Call = {}): Promise<Answer> {
  const options: RequestOptions & { ca?: string } = {
    method,
    headers,
    agent: agent ?? false,
    ...(ca !== undefined && { ca }),
  };
  const request = url.startsWith('https:') ? httpsRequest(url, options) : httpRequest(url, options);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, bytes: await readAll(response) };
}

export async function readAll(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** An authorized account, called as clients do. */
export interface Session {
  readonly accountId: string;
  readonly apiUrl: string;
  readonly token: string;
  /** The JSON of a 200; anything else throws. */
  api(operation: string, body: object): Promise<Record<string, unknown>>;
  /** A private bucket; its id. */
  createBucket(bucketName: string): Promise<string>;
  upload(bucketId: string, name: string, data: Uint8Array, headers?: Record<string, string>): Promise<Answer>;
  download(bucketName: string, name: string, headers?: Record<string, string>): Promise<Answer>;
}

export async function authorize(url: string, keyId: string, secret: string, ca?: string): Promise<Session> {
  const trust = ca === undefined ? {} : { ca };
  const basic = `Basic ${Buffer.from(`${keyId}:${secret}`).toString('base64')}`;
  const answer = await call(`${url}/b2api/v2/b2_authorize_account`, { headers: { Authorization: basic }, ...trust });
  const account = json(answer);
  const token = String(account['authorizationToken']);
  const apiUrl = String(account['apiUrl']);
  const accountId = String(account['accountId']);
  const api: Session['api'] = async (operation, body) => {
    const headers = { Authorization: token };
    return json(
      await call(`${apiUrl}/b2api/v2/${operation}`, { method: 'POST', headers, body: JSON.stringify(body), ...trust }),
    );
  };
  return {
    accountId,
    apiUrl,
    token,
    api,
    createBucket: async (bucketName) => {
      return String((await api('b2_create_bucket', { accountId, bucketName, bucketType: 'allPrivate' }))['bucketId']);
    },
    upload: async (bucketId, name, data, headers = {}) => {
      const target = await api('b2_get_upload_url', { bucketId });
      return call(String(target['uploadUrl']), {
        method: 'POST',
        headers: { ...uploadHeaders(String(target['authorizationToken']), name, data), ...headers },
        body: data,
        ...trust,
      });
    },
    download: (bucketName, name, headers = {}) =>
      call(`${apiUrl}/file/${bucketName}/${name}`, { headers: { Authorization: token, ...headers }, ...trust }),
  };
}

export function uploadHeaders(token: string, name: string, data: Uint8Array): Record<string, string> {
  return {
    Authorization: token,
    'X-Bz-File-Name': name,
    'Content-Type': 'application/octet-stream',
    'Content-Length': String(data.length),
    'X-Bz-Content-Sha1': createHash('sha1').update(data).digest('hex'),
  };
}

/** The headers of a customer key. */
export function customerKeyHeaders(key: Uint8Array): Record<string, string> {
  return {
    'X-Bz-Server-Side-Encryption-Customer-Algorithm': 'AES256',
    'X-Bz-Server-Side-Encryption-Customer-Key': Buffer.from(key).toString('base64'),
    'X-Bz-Server-Side-Encryption-Customer-Key-Md5': createHash('md5').update(key).digest('base64'),
  };
}

function json({ status, bytes }: Answer): Record<string, unknown> {
  if (status !== 200) throw new Error(`Answered with ${status}: ${bytes.toString()}`);
  return JSON.parse(bytes.toString()) as Record<string, unknown>;
}
