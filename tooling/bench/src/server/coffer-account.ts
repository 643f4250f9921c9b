import { randomBytes } from 'node:crypto';

/** The keys of every measured server: a server does not print its own into a pipe. */
const masterKey = { id: randomBytes(6).toString('hex'), secret: newSecret() };
export const s3Key = { id: randomBytes(12).toString('hex'), secret: newSecret() };

/** These keys as environment variables. */
export const keyVariables = {
  COFFER_MASTER_KEY_ID: masterKey.id,
  COFFER_MASTER_KEY: masterKey.secret,
  COFFER_S3_KEY_ID: s3Key.id,
  COFFER_S3_KEY: s3Key.secret,
};

function newSecret(): string {
  return `K001${randomBytes(21).toString('base64')}`;
}

/** The last line of a banner. */
export const bannerEnd = /^curl .*\n/m;

/** An authorized account of a server. */
export interface Account {
  /** Without a slash at the end. */
  readonly url: string;
  readonly accountId: string;
  readonly token: string;
}

/** Where uploads go. */
export interface UploadTarget {
  readonly path: string;
  readonly token: string;
}

/** Authorizes with the master key at the address in the banner. */
export async function authorize(banner: string): Promise<Account> {
  const [, url = ''] = /^\s*HTTP\s+(http:\S+)/m.exec(banner) ?? [];
  const Authorization = `Basic ${Buffer.from(`${masterKey.id}:${masterKey.secret}`).toString('base64')}`;
  const answer = await jsonOf(await fetch(`${url}/b2api/v2/b2_authorize_account`, { headers: { Authorization } }));
  return { url, accountId: String(answer['accountId']), token: String(answer['authorizationToken']) };
}

/** The JSON of a 200; anything else throws. */
export async function call(
  { url, token }: Account,
  operation: string,
  fields: object,
): Promise<Record<string, unknown>> {
  const options = { method: 'POST', headers: { Authorization: token }, body: JSON.stringify(fields) };
  return jsonOf(await fetch(`${url}/b2api/v2/${operation}`, options));
}

/** Makes a private bucket; resolves to its id. */
export async function createBucket(account: Account, bucketName: string): Promise<string> {
  const { accountId } = account;
  return String(
    (await call(account, 'b2_create_bucket', { accountId, bucketName, bucketType: 'allPrivate' }))['bucketId'],
  );
}

/** A URL and a token for the files of a bucket, which serves one upload at a time. */
export function uploadTarget(account: Account, bucketId: string): Promise<UploadTarget> {
  return targetOf(account, 'b2_get_upload_url', { bucketId });
}

/** Targets for as many uploads as there are at once: each is used by one at a time. */
export class UploadTargets {
  readonly #ask: () => Promise<UploadTarget>;
  readonly #free: UploadTarget[] = [];

  private constructor(ask: () => Promise<UploadTarget>) {
    this.#ask = ask;
  }

  /** For files of a bucket. */
  static ofBucket(account: Account, bucketId: string): UploadTargets {
    return new UploadTargets(() => uploadTarget(account, bucketId));
  }

  /** For parts of a large file. */
  static ofLargeFile(account: Account, fileId: string): UploadTargets {
    return new UploadTargets(() => targetOf(account, 'b2_get_upload_part_url', { fileId }));
  }

  /** Lends a target for one upload. */
  async use<T>(upload: (target: UploadTarget) => Promise<T>): Promise<T> {
    const target = this.#free.pop() ?? (await this.#ask());
    const result = await upload(target);
    // Only now, after a success: a failed upload may still be under way on the server, so its target is not used again.
    this.#free.push(target);
    return result;
  }
}

async function targetOf(account: Account, operation: string, fields: object): Promise<UploadTarget> {
  const answer = await call(account, operation, fields);
  return { path: new URL(String(answer['uploadUrl'])).pathname, token: String(answer['authorizationToken']) };
}

/** @throws Error unless the status is 200. */
async function jsonOf(answer: Response): Promise<Record<string, unknown>> {
  if (!answer.ok) throw new Error(`The server answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}
