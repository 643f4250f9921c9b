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

/** With the key from the banner of a first start. */
export async function authorize(banner: string): Promise<Account> {
  const [, url = ''] = /^\s*HTTP\s+(http:\S+)/m.exec(banner) ?? [];
  const [, id = ''] = /B2_APPLICATION_KEY_ID=(\S+)/.exec(banner) ?? [];
  const [, secret = ''] = /B2_APPLICATION_KEY=(\S+)/.exec(banner) ?? [];
  const Authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
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

/** A private bucket; its id. */
export async function createBucket(account: Account, bucketName: string): Promise<string> {
  const { accountId } = account;
  return String(
    (await call(account, 'b2_create_bucket', { accountId, bucketName, bucketType: 'allPrivate' }))['bucketId'],
  );
}

export async function uploadTarget(account: Account, bucketId: string): Promise<UploadTarget> {
  const answer = await call(account, 'b2_get_upload_url', { bucketId });
  return { path: new URL(String(answer['uploadUrl'])).pathname, token: String(answer['authorizationToken']) };
}

/** @throws Error unless the status is 200. */
export async function jsonOf(answer: Response): Promise<Record<string, unknown>> {
  if (!answer.ok) throw new Error(`The server answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}
