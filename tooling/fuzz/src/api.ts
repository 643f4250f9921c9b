/** A well-behaved client of the server under test, which prepares buckets and files and reads their state. */
export class Api {
  readonly #origin: string;
  readonly token: string;
  readonly accountId: string;

  private constructor(origin: string, token: string, accountId: string) {
    this.#origin = origin;
    this.token = token;
    this.accountId = accountId;
  }

  static async open(origin: string, keyId: string, key: string): Promise<Api> {
    const basic = Buffer.from(`${keyId}:${key}`).toString('base64');
    const answer = await fetch(`${origin}/b2api/v3/b2_authorize_account`, {
      headers: { Authorization: `Basic ${basic}` },
    });
    const { authorizationToken, accountId } = (await answer.json()) as Record<string, string>;
    if (authorizationToken === undefined || accountId === undefined) throw new Error('could not authorise');
    return new Api(origin, authorizationToken, accountId);
  }

  async call(operation: string, fields: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.#origin}/b2api/v4/${operation}`, {
      method: 'POST',
      headers: { Authorization: this.token },
      body: JSON.stringify(fields),
    });
    const json = (await answer.json()) as Record<string, unknown>;
    if (answer.status !== 200) throw new Error(`${operation}: ${JSON.stringify(json)}`);
    return json;
  }

  async upload(url: Record<string, unknown>, headers: Record<string, string>, body: string): Promise<string> {
    const answer = await fetch(text(url['uploadUrl']), {
      method: 'POST',
      headers: { Authorization: text(url['authorizationToken']), 'X-Bz-Content-Sha1': 'do_not_verify', ...headers },
      body,
    });
    if (answer.status !== 200) throw new Error(await answer.text());
    return text(((await answer.json()) as Record<string, unknown>)['fileId']);
  }
}

/** A member of an answer that must be a text. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`expected a text, not ${typeof value}`);
  return value;
}
