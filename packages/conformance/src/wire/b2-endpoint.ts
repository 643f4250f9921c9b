import type { SecretString } from '@coffer/bytes';
import { ConformanceError } from '../model/conformance-error.ts';
import { Answer, refused } from './answer.ts';
import type { Transport } from './transport.ts';

/** The version of the B2 Native API in which the cases speak. */
const version = 'b2api/v3';
const nothing = new Uint8Array();

/** A session of one application key: what `b2_authorize_account` answered. */
export interface B2Session {
  readonly accountId: string;
  readonly apiUrl: string;
  readonly downloadUrl: string;
  readonly token: string;
  /** Bytes. */
  readonly minimumPartSize: number;
}

type Headers = Readonly<Record<string, string>>;

/** Encodes a file name for a path or a header: percent-encoded UTF-8 with its slashes. */
export function encodeName(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/**
 * Opens a session.
 *
 * @throws ConformanceError `setup` if the key is refused, or the answer is not as documented.
 */
export async function authorizeB2(
  send: Transport,
  origin: string,
  keyId: string,
  key: SecretString,
): Promise<B2Session> {
  const authorization = key.expose((secret) => `Basic ${Buffer.from(`${keyId}:${secret}`).toString('base64')}`);
  const headers = { Authorization: authorization };
  const answer = await exchange(send, 'GET', `${origin}/${version}/b2_authorize_account`, headers, nothing);
  if (!answer.ok) throw refused('b2_authorize_account', answer);
  const text = (path: string): string => {
    const value = answer.json(path);
    if (typeof value === 'string') return value;
    throw new ConformanceError('setup', `The answer to b2_authorize_account has no ${path}.`);
  };
  return {
    accountId: text('accountId'),
    apiUrl: text('apiInfo.storageApi.apiUrl'),
    downloadUrl: text('apiInfo.storageApi.downloadUrl'),
    token: text('authorizationToken'),
    minimumPartSize: Number(answer.json('apiInfo.storageApi.absoluteMinimumPartSize')),
  };
}

/** A JSON operation, as a POST. With null for its token, it has none at all. */
export function callB2(
  send: Transport,
  session: B2Session,
  operation: string,
  body: object,
  token: string | null = session.token,
): Promise<Answer> {
  const headers = { ...authorizationOf(token), 'Content-Type': 'application/json' };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return exchange(send, 'POST', `${session.apiUrl}/${version}/${operation}`, headers, bytes);
}

function authorizationOf(token: string | null): Headers {
  return token === null ? {} : { Authorization: token };
}

/** Where uploads go, and the token for it. */
export interface UploadPlace {
  readonly url: string;
  readonly token: string;
}

/** Gets an upload URL of a bucket or of a large file. If that is refused, the refusal comes back. */
export async function uploadPlaceB2(
  send: Transport,
  session: B2Session,
  of: { readonly bucketId: string } | { readonly fileId: string },
): Promise<UploadPlace | Answer> {
  const operation = 'bucketId' in of ? 'b2_get_upload_url' : 'b2_get_upload_part_url';
  const answer = await callB2(send, session, operation, of);
  if (!answer.ok) return answer;
  const [url, token] = [answer.json('uploadUrl'), answer.json('authorizationToken')];
  if (typeof url !== 'string' || typeof token !== 'string')
    throw new ConformanceError('setup', `The answer to ${operation} has no uploadUrl or authorizationToken.`);
  return { url, token };
}

/** Sends content to an upload URL. */
export function uploadB2(
  send: Transport,
  { url, token }: UploadPlace,
  headers: Headers,
  content: Uint8Array,
): Promise<Answer> {
  return exchange(send, 'POST', url, { Authorization: token, ...headers }, content);
}

/** A download by its path and query below the download URL. With null for its token, it has none at all. */
export function downloadB2(
  send: Transport,
  session: B2Session,
  method: string,
  path: string,
  headers: Headers,
  token: string | null = session.token,
): Promise<Answer> {
  return exchange(send, method, `${session.downloadUrl}${path}`, { ...authorizationOf(token), ...headers }, nothing);
}

/** The path of a download by id. */
export function pathOfId(fileId: string): string {
  // The id is the endpoint's. Half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes U+FFFD.
  const wellFormed = Buffer.from(fileId).toString();
  return `/${version}/b2_download_file_by_id?fileId=${encodeURIComponent(wellFormed)}`;
}

async function exchange(send: Transport, method: string, url: string, headers: Headers, body: Uint8Array) {
  const { origin, host, pathname, search } = parsedUrl(url);
  const lines = Object.entries({ Host: host, 'Content-Length': String(body.length), ...headers });
  return new Answer(await send({ method, origin, target: `${pathname}${search}`, headers: lines, body }));
}

/** The endpoint names the addresses of uploads and downloads itself. @throws ConformanceError `connection` */
function parsedUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed !== undefined && /^https?:$/.test(parsed.protocol)) return parsed;
  throw new ConformanceError('connection', 'The endpoint named an address that is no URL of http or https.');
}
